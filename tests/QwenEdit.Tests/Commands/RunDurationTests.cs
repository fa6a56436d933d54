using QwenEdit.Emulator;
using QwenEdit.Engine;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary><c>-MaxDuration</c>: when it is over nothing more is submitted, and what was submitted is still received.</summary>
public sealed class RunDurationTests : RunTest
{
    [Fact]
    public async Task The_time_is_over()
    {
        MakeImages(3);
        ScriptRun script = await RunAsync("Invoke-QwenImageEdit *.png -Prompt 'emulate:seconds=2' -MaxDuration 00:00:01 -ThrottleLimit 1 -RunVariable run");

        // A machine may take a second to get at the first.
        int received = (int)RunValue("Received");
        Assert.InRange(received, 0, 1);
        Assert.Equal(received, Emulator.Ledger.Jobs.Count);
        ExpectRun(new { Total = 3, NotSubmitted = 3 - received, StoppedBy = "MaxDuration", ExitCode = 8 });
        Assert.StartsWith("-MaxDuration 00:00:01 is over.", script.SingleError(EditError.MaxDurationReached).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_in_flight_when_it_is_over_is_received()
    {
        RunCaps caps = new() { Duration = TimeSpan.FromHours(2) };
        await using EditBench bench = await EditBench.StartAsync(
            new EditSettings { Caps = caps, Timeout = TimeSpan.FromDays(1) }, new EmulatorOptions { RecordRetention = TimeSpan.FromDays(1) });
        bench.Emulator.Faults.Add(new Fault { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Status, Delay = TimeSpan.FromHours(3), Next = 1 });
        Task<EndedEdit> inFlight = bench.EditAsync();
        await bench.Emulator.Ledger.WaitForAsync(request => request.Route == ApiRoute.Status);

        bench.Clock.Advance(TimeSpan.FromHours(2));
        // The clock wakes its timers on whichever thread advances it just then.
        await Until.TrueAsync(() => bench.Session.Brake.Cause is not null, "the time is over");
        EndedEdit late = await bench.EditAsync("another");
        bench.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(EditError.SubmissionStopped, late.Error!.Error);
        Assert.Equal(EditError.MaxDurationReached, bench.Session.Brake.Cause!.Error);
        Assert.Equal(EditOutcome.Received, (await inFlight).Result!.Status);
        Assert.Equal(1, bench.Count(ApiRoute.Submit));
    }

    // PowerShell takes a number for ticks.
    [Theory]
    [InlineData("30")]
    [InlineData("00:00:00")]
    [InlineData("'-01:00:00'")]
    public async Task Less_than_a_second_is_refused(string duration)
    {
        MakeImages(1);
        Assert.StartsWith(
            "ParameterArgumentValidationError",
            (await RunAsync($"Invoke-QwenImageEdit *.png -Prompt Blue -MaxDuration {duration}")).TerminatingError!.FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }
}
