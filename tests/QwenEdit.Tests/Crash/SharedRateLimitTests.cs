using QwenEdit.Emulator;
using QwenEdit.Tests.Crash.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Crash;

/// <summary>A promise of so many requests a minute is that of all the processes of a journal. It takes a minute to see.</summary>
public sealed class SharedPaceTests
{
    private const int Pace = 40;

    /// <summary>The books know when a call arrived, which is later than it left, and the first of a process is the latest.</summary>
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(58);

    [LongFact]
    public async Task A_pace_is_kept_by_several_processes_together()
    {
        await using Scene scene = await Scene.StartAsync(images: 90, latency: 0.1);
        scene.Parameters = $"-ThrottleLimit 8 -RequestsPerMinute {Pace}";
        EditProcess[] started = [.. Enumerable.Range(0, 3).Select(_ => scene.Start())];

        await Until.TrueAsync(() => Calls(scene).Length >= Pace, "the minute is used up");
        // Each of them has work left, and time to do it, but for the pace.
        await Task.Delay(TimeSpan.FromSeconds(3));
        await Task.WhenAll(started.Select(process => process.KillAsync()));

        DateTimeOffset[] calls = Calls(scene);
        Assert.All(calls, call => Assert.InRange(calls.Count(other => other >= call && other < call + Minute), 1, Pace));
        Array.ForEach(started, process => process.Dispose());
    }

    // The files are not the gateway's.
    private static DateTimeOffset[] Calls(Scene scene) =>
        [.. scene.Service.Ledger.Requests.Where(request => request.Route != ApiRoute.File).Select(request => request.Time)];
}
