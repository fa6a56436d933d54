using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Crash.Support;
using QwenEdit.Tests.RateLimiting;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Crash;

/// <summary><c>-RequestsPerMinute</c> applies to all processes of a journal together. It takes a minute to see.</summary>
public sealed class SharedRateLimitTests
{
    private const int Limit = 40;

    [LongFact]
    public async Task A_limit_is_kept_by_several_processes_together()
    {
        await using CrashFixture fixture = await CrashFixture.StartAsync(images: 90, latency: 0.1);
        using RecordedTurns recorded = new(fixture.Journal);
        fixture.Parameters = $"-ThrottleLimit 8 -RequestsPerMinute {Limit}";
        EditProcess[] started = [.. Enumerable.Range(0, 3).Select(_ => fixture.Start())];

        await Until.TrueAsync(() => Calls(fixture) >= Limit, "the minute is used up");
        // Each of them has work left, and would do it within this time without the limit.
        await Task.Delay(TimeSpan.FromSeconds(3));
        await Task.WhenAll(started.Select(process => process.KillAsync()));

        long[] turns = [.. recorded.Read().Select(turn => turn.Sent)];
        Assert.All(turns.Zip(turns.Skip(Limit)), pair => Assert.True(pair.Second - pair.First > 60_000, $"{Limit + 1} within {pair.Second - pair.First} ms"));
        // Every call took a turn.
        Assert.InRange(Calls(fixture), Limit, turns.Length);
        Array.ForEach(started, process => process.Dispose());
    }

    // The files are not on the gateway's host.
    private static int Calls(CrashFixture fixture) => fixture.Service.Ledger.Requests.Count(request => request.Route != ApiRoute.File);
}
