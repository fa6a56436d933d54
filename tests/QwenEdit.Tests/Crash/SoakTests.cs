using QwenEdit.Emulator;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Crash.Support;
using Xunit.Abstractions;

namespace QwenEdit.Tests.Crash;

/// <summary>
/// Many images over a service that misbehaves in every way it knows, each for 2 % of the requests; the same command is run again until all is there.
/// The whole length, and what the process holds meanwhile, is the benchmarks'.
/// </summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    private const double Share = 0.02;
    private const string Page = "<h1>Bad Gateway</h1>";

    private static readonly TimeSpan Late = TimeSpan.FromSeconds(3);

    private static readonly Fault[] Faults =
    [
        new() { Kind = FaultKind.Answer, Status = 500 },
        new() { Kind = FaultKind.Answer, Status = 502, ContentType = "text/html", Body = Page },
        new() { Kind = FaultKind.AnswerAfterAccepting, Route = ApiRoute.Submit, Status = 504 },
        new() { Kind = FaultKind.AnswerAfterAccepting, Route = ApiRoute.Submit, Status = 502, ContentType = "text/html", Body = Page },
        new() { Kind = FaultKind.ResetAfterAccepting, Route = ApiRoute.Submit },
        new() { Kind = FaultKind.DelayHeaders, Delay = Late },
        new() { Kind = FaultKind.DelayBody, Delay = Late },
        new() { Kind = FaultKind.ResetBeforeReading },
        new() { Kind = FaultKind.ResetAfterReading },
        new() { Kind = FaultKind.ResetInResponse },
        new() { Kind = FaultKind.EndInResponse },
        new() { Kind = FaultKind.CloseConnection },
        new() { Kind = FaultKind.Trickle, BytesPerSecond = 500 },
    ];

    [Fact]
    public async Task The_books_balance_whatever_goes_wrong()
    {
        int images = LongTests.Choose(120, 60);
        await using CrashFixture fixture = await CrashFixture.StartAsync(images, new EmulatorOptions { Latency = TimeSpan.FromSeconds(0.2), LatencySpread = 0.3 });
        // Whatever is late is given up, and has arrived when the settling time is over.
        fixture.Parameters = "-ThrottleLimit 32 -Seed -1 -RequestTimeoutSec 2 -SettlingTimeSec 5";
        foreach (Fault fault in Faults)
        {
            fixture.Service.Faults.Add(fault with { Share = Share });
        }

        int runs = 1;
        await fixture.RunAsync();
        int met = fixture.Service.Ledger.Requests.Count(request => request.Fault is not null);
        fixture.LedgerCheck.FindsNoSecondBill();
        fixture.LedgerCheck.FindsNoHalfFile();
        fixture.Service.Faults.Clear();
        for (; runs < 4 && fixture.States().Any(state => state != nameof(EditState.Received)); runs++)
        {
            fixture.Service.Clock.Advance(TimeSpan.FromSeconds(5));
            await fixture.RunAsync();
        }

        output.WriteLine($"{images} images, {met} faults, {runs} runs.");
        Assert.InRange(met, images / 10, int.MaxValue);
        Assert.Equal(0, fixture.LedgerCheck.FindsNothingLost());
        Assert.Equal(images, fixture.Service.Ledger.Jobs.Count(job => job.Billed > 0));
    }
}
