using QwenEdit.Emulator;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>What stops a run before all is done, caps aside.</summary>
public sealed class RunStopTests : RunTest
{
    [Theory]
    [InlineData(401, "expired", "Authorization")]
    [InlineData(406, "Insufficient credits", "Credits")]
    [InlineData(410, "gone", "Model")]
    public async Task An_answer_that_would_meet_every_edit(int status, string message, string stoppedBy)
    {
        Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = status, Body = $$"""{"error": "{{message}}"}""" });
        MakeImages(4);
        ScriptRun script = await RunAsync("Invoke-QwenImageEdit *.png -Prompt Blue -ThrottleLimit 1 -RunVariable run");

        ExpectRun(new { Total = 4, Failed = 1, NotSubmitted = 3, StoppedBy = stoppedBy, ExitCode = 7 });
        Assert.Equal("SubmissionStopped", script.ErrorNames().Last());
    }

    [Fact]
    public async Task Nobody_waits_for_a_rate_limit_then()
    {
        Emulator.Faults.Add(new Fault
        {
            Kind = FaultKind.Answer,
            Route = ApiRoute.Submit,
            Status = 429,
            Headers = new Dictionary<string, string> { ["x-rate-limit-reset-at-utc"] = DateTimeOffset.UtcNow.AddMinutes(5).ToString("O") },
        });
        MakeImages(3);
        await RunAsync("Invoke-QwenImageEdit *.png -Prompt Blue -MaxDuration 0:0:2 -ThrottleLimit 2 -RunVariable run");

        ExpectRun(new { Failed = 0, NotSubmitted = 3, StoppedBy = "MaxDuration", ExitCode = 8 });
        Assert.InRange(Emulator.Ledger.RequestsOn(ApiRoute.Submit).Count, 1, 2);
        Assert.Equal(["Prepared"], (await RunAsync("Get-QwenEditJob")).Output.Select(job => $"{job.Properties["Status"].Value}").Distinct());
    }

    [Fact]
    public async Task Nobody_waits_for_a_turn_then()
    {
        MakeImages(4);
        await RunAsync("Submit-QwenImageEdit *.png -Prompt Blue -RequestsPerMinute 1 -MaxDuration 0:0:2 -RunVariable run");

        Assert.Single(Emulator.Ledger.RequestsOn(ApiRoute.Submit));
        ExpectRun(new { Submitted = 1, NotSubmitted = 3, StoppedBy = "MaxDuration", ExitCode = 8 });
    }

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
    public async Task An_edit_that_another_call_works_on_is_busy()
    {
        MakeImages(1);
        using RunningScript script = Host.Start("Invoke-QwenImageEdit *.png -Prompt 'emulate:seconds=600'");
        await Emulator.Ledger.WaitForAsync(request => request.Status == 200).WaitAsync(Patience);
        using PowerShellHost other = OpenSession();

        other.Set("journal", Journal).Run("Invoke-QwenImageEdit *.png -Prompt 'emulate:seconds=600' -JournalPath $journal -RunVariable run");
        ScriptRun run = other.Run("$run.Busy; $run.ExitCode");
        await script.StopAsync();

        Assert.Equal([1, 11], run.Output.Select(item => item.BaseObject));
    }

    [Fact]
    public async Task An_outcome_that_nobody_knows_needs_a_person()
    {
        Emulator.Faults.Add(new Fault { Kind = FaultKind.ResetAfterAccepting, Route = ApiRoute.Submit, Next = 1 });
        MakeImages(2);
        await RunAsync("Invoke-QwenImageEdit *.png -Prompt Blue -ThrottleLimit 1 -RunVariable run");

        ExpectRun(new { Unknown = 1, Received = 1, StoppedBy = "", ExitCode = 20 });
    }
}
