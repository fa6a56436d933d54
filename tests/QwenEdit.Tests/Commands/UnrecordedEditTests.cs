using System.Management.Automation;
using Microsoft.Data.Sqlite;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>The journal can't be written any more after an edit was sent. A trigger refuses the writes, so that the moment is exact.</summary>
public sealed class UnrecordedEditTests : RunTest
{
    private const string NoRequestId =
        "CREATE TRIGGER full BEFORE UPDATE ON edit WHEN NEW.request_id IS NOT NULL BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END";

    private const string NoReceived =
        "CREATE TRIGGER full BEFORE UPDATE ON edit WHEN NEW.state = 'Received' BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END";

    [Theory]
    [InlineData(EditTransport.Async, NoRequestId)]
    [InlineData(EditTransport.Sync, NoRequestId)]
    [InlineData(EditTransport.Async, NoReceived)]
    public async Task An_edit_that_is_not_recorded_by_the_end_is_an_error_of_the_run_though_it_is_received(EditTransport transport, string trigger)
    {
        await PrepareAsync(trigger, images: 1);

        ScriptRun script = await RunAsync($"Invoke-QwenImageEdit 0*.png -Prompt Blue -DestinationPath out/ -RunVariable run -Transport {transport}");

        ErrorRecord error = script.SingleError(EditError.JournalIncomplete);
        LedgerJob job = Assert.Single(Emulator.Ledger.Jobs);
        Assert.Contains("1 edit ", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("01.png", error.ToString(), StringComparison.Ordinal);
        Assert.Contains($"{job.RequestId}", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Free space", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Don't use -Resubmit", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.WriteError, error.CategoryInfo.Category);
        Assert.Contains("out/01.png", Folder.Files);
        ExpectRun(new { Total = 1, Received = 1, StoppedBy = "Disk", ExitCode = 12 });
    }

    [Fact]
    public async Task Nothing_more_is_sent_while_an_edit_is_not_recorded()
    {
        await PrepareAsync(NoRequestId, images: 3);

        ScriptRun script = await RunAsync("Invoke-QwenImageEdit 0*.png -Prompt Blue -DestinationPath out/ -RunVariable run -ThrottleLimit 1");

        Assert.Equal(["JournalUnavailable", "JournalIncomplete", "SubmissionStopped"], script.ErrorNames());
        Assert.Single(Emulator.Ledger.Jobs);
        ExpectRun(new { Total = 3, Received = 1, Failed = 1, NotSubmitted = 1, StoppedBy = "Disk", ExitCode = 12 });
    }

    [Fact]
    public async Task What_can_be_recorded_before_the_call_ends_is_recorded_in_its_order()
    {
        await PrepareAsync(NoRequestId, images: 1);
        Task<ScriptRun> running = RunAsync("Invoke-QwenImageEdit 0*.png 'emulate:seconds=600' -DestinationPath out/ -RunVariable run");
        await Emulator.Ledger.WaitForAsync(request => request.Route == ApiRoute.Status).WaitAsync(Patience);

        ChangeJournal("DROP TRIGGER full");
        Emulator.Clock.Advance(TimeSpan.FromMinutes(15));

        (await running).WithoutErrors();
        ExpectRun(new { Received = 1, StoppedBy = "", ExitCode = 0 });
        PSObject job = Assert.Single((await RunAsync("Get-QwenEditJob")).WithoutErrors().Output);
        Assert.Equal($"{Assert.Single(Emulator.Ledger.Jobs).RequestId}", $"{job.Properties["RequestId"].Value}");
        Assert.Equal("Received", $"{job.Properties["Status"].Value}");
    }

    [Fact]
    public async Task The_same_command_later_does_not_send_an_edit_again_that_is_not_recorded()
    {
        await PrepareAsync(NoRequestId, images: 1);
        const string Edit = "Invoke-QwenImageEdit 0*.png -Prompt Blue -DestinationPath out/ -RunVariable run";
        await RunAsync(Edit);
        ChangeJournal("DROP TRIGGER full");

        await RunAsync(Edit);

        Assert.Single(Emulator.Ledger.Jobs);
    }

    // The journal is there before the trigger is.
    private async Task PrepareAsync(string trigger, int images)
    {
        (await RunAsync("Resume-QwenImageEdit")).WithoutErrors();
        ChangeJournal(trigger);
        MakeImages(images);
    }
}
