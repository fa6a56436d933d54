using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>What stops a run before all is done, caps aside.</summary>
public sealed class RunStopTests : RunTest
{
    [Fact]
    public async Task A_journal_that_can_not_be_written_any_more_lets_nothing_be_sent()
    {
        (await RunAsync("Resume-QwenImageEdit")).WithoutErrors();
        // As a full disk has it.
        ChangeJournal("CREATE TRIGGER full BEFORE INSERT ON edit BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END");
        MakeImages(3);
        ScriptRun script = await RunAsync("Invoke-QwenImageEdit *.png -Prompt Blue -RunVariable run");

        AssertNothingWasSent();
        ExpectRun(new { Total = 3, Failed = 1, NotSubmitted = 2, StoppedBy = "Disk", ExitCode = 12 });
        Assert.Equal(["JournalUnavailable", "SubmissionStopped"], script.ErrorNames());
    }

    [Fact]
    public async Task A_rate_limit_that_leaves_no_room_for_ten_images_in_a_row_ends_the_run_as_an_outage_does()
    {
        MakeImages(30);
        Emulator.Faults.Add(new Fault
        {
            Kind = FaultKind.Answer,
            Route = ApiRoute.Submit,
            Status = 429,
            Next = 1,
            Headers = new Dictionary<string, string> { ["Retry-After"] = "600" },
        });

        ScriptRun script = await RunAsync("Invoke-QwenImageEdit *.png -Prompt Blue -TimeoutSec 30 -ThrottleLimit 1 -RunVariable run");

        Assert.Equal([.. Enumerable.Repeat("RateLimited", 10), "SubmissionStopped"], script.ErrorNames());
        Assert.Empty(Emulator.Ledger.Jobs);
        ExpectRun(new { Total = 30, Failed = 10, NotSubmitted = 20, StoppedBy = "Service", ExitCode = 5 });
    }

    [Fact]
    public async Task A_stop_leaves_a_run_in_the_variable()
    {
        MakeImages(2);
        using RunningScript script = Host.Start("Invoke-QwenImageEdit *.png -Prompt 'emulate:seconds=600' -RunVariable run");
        await Emulator.Ledger.WaitForAsync(request => request.Status == 200).WaitAsync(Patience);

        Assert.True((await script.StopAsync()).Stopped);

        ExpectRun(new { Status = "Ended", Total = 2, Received = 0, StoppedBy = "Cancelled", ExitCode = 5 });
    }
}
