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
    public async Task A_stop_leaves_a_run_in_the_variable()
    {
        MakeImages(2);
        using RunningScript script = Host.Start("Invoke-QwenImageEdit *.png -Prompt 'emulate:seconds=600' -RunVariable run");
        await Emulator.Ledger.WaitForAsync(request => request.Status == 200).WaitAsync(Patience);

        Assert.True((await script.StopAsync()).Stopped);

        ExpectRun(new { Status = "Ended", Total = 2, Received = 0, StoppedBy = "Cancelled", ExitCode = 5 });
    }
}
