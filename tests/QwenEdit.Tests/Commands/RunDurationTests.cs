using QwenEdit.Editing;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Runs;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary><c>-MaxDuration</c>: when it is over nothing more is submitted, and what was submitted is still received.</summary>
public sealed class RunDurationTests
{
    [Fact]
    public async Task What_is_in_flight_when_it_is_over_is_received()
    {
        RunLimits limits = new() { Duration = TimeSpan.FromHours(2) };
        await using EditFixture fixture = await EditFixture.StartAsync(
            new EditSettings { Limits = limits, Timeout = TimeSpan.FromDays(1) }, new EmulatorOptions { RecordRetention = TimeSpan.FromDays(1) });
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Status, Delay = TimeSpan.FromHours(3), Next = 1 });
        Task<EndedEdit> inFlight = fixture.EditAsync();
        await fixture.Emulator.Ledger.WaitForAsync(request => request.Route == ApiRoute.Status);

        fixture.Clock.Advance(TimeSpan.FromHours(2));
        // The clock wakes its timers on whichever thread advances it just then.
        await Until.TrueAsync(() => fixture.Session.Breaker.Cause is not null, "the time is over");
        EndedEdit late = await fixture.EditAsync("another");
        fixture.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(EditError.SubmissionStopped, late.Error!.Error);
        Assert.Equal(EditError.MaxDurationReached, fixture.Session.Breaker.Cause!.Error);
        Assert.Equal(EditOutcome.Received, (await inFlight).Result!.Status);
        Assert.Equal(1, fixture.Count(ApiRoute.Submit));
    }
}
