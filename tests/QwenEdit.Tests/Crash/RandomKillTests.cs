using QwenEdit.Emulator;
using QwenEdit.Tests.Crash.Support;
using Xunit.Abstractions;

namespace QwenEdit.Tests.Crash;

/// <summary>
/// The same command is killed at random instants, and run again, until all is done; while connections break too, and the account's request
/// history is there, late, cut or off.
/// </summary>
public sealed class RandomKillTests(ITestOutputHelper output)
{
    private const int ImagesOfABatch = 60;

    /// <summary>How many requests a process lives for, at most: none, or those of some eight edits.</summary>
    private const int Requests = 50;

    /// <summary>The share of submissions whose connection breaks when the job is made.</summary>
    private const double Resets = 0.04;

    /// <summary>And how long after the last of them: enough for all that follows an answer.</summary>
    private static readonly TimeSpan Latest = TimeSpan.FromMilliseconds(60);

    /// <summary>How late a late history is; longer than the settling time that a user has who sets none.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(15);

    private readonly Lock _turn = new();
    private int _left = LongTests.Choose(300, 12);
    private int _batches;
    private int _kills;
    private int _unknown;
    private int _settled;
    private int _jobs;

    [Fact]
    public async Task Killed_at_any_instant_the_same_command_ends_in_the_same_files_and_pays_for_none_twice()
    {
        // Four at a time, as each spends a good part of its time waiting.
        await Task.WhenAll(LaneAsync(), LaneAsync(), LaneAsync(), LaneAsync());
        output.WriteLine(
            $"{_kills} kills, {_batches} folders of {ImagesOfABatch} images, {_jobs} jobs, {_settled} edits settled at the end, {_unknown} left unknown.");
    }

    private async Task LaneAsync()
    {
        while (_left > 0)
        {
            int batch = Interlocked.Increment(ref _batches);
            await BatchAsync(new Random(batch), (History)(batch % 4));
        }
    }

    private async Task BatchAsync(Random random, History history)
    {
        await using Scene scene = await Scene.StartAsync(ImagesOfABatch, new EmulatorOptions
        {
            Latency = TimeSpan.FromSeconds(0.1),
            LatencySpread = 0.5,
            History = history != History.Off,
            HistoryDelay = history == History.Late ? Late : TimeSpan.Zero,
            HistoryBody = history == History.Cut ? HistoryBody.Cut : HistoryBody.Whole,
        });
        scene.Service.Faults.Add(new Fault { Kind = FaultKind.ResetAfterAccepting, Route = ApiRoute.Submit, Share = Resets });
        while (TryTakeKill())
        {
            using EditProcess process = scene.Start();
            await process.WhenWrittenAsync(Scene.Ready);
            // The instant is chance; that is what this test is about. Counted in requests, so that a slow machine gets as far as a fast one.
            int until = scene.Service.Ledger.Requests.Count + random.Next(Requests);
            await Until.TrueAsync(() => process.HasEnded || scene.Service.Ledger.Requests.Count >= until, "the process has sent its requests");
            await Task.Delay(Latest * random.NextDouble());
            if (process.HasEnded)
            {
                GiveKillBack();
                break;
            }

            await process.KillAsync();
            scene.Judge.FindsNoHalfFile();
            scene.Judge.FindsNoSecondBill();
        }

        scene.Service.Faults.Clear();
        EndedProcess last = await scene.RunAsync();
        int unknown = scene.Judge.FindsNothingLost();
        // A history that is off is warned about.
        string[] errors = [.. last.Errors.Where(line => !line.StartsWith("WARNING: ", StringComparison.Ordinal))];
        Assert.Equal(unknown, errors.Length);
        Assert.All(errors, error => Assert.StartsWith("OutcomeUnknown,", error, StringComparison.Ordinal));
        if (history is History.Whole or History.Late)
        {
            Interlocked.Add(ref _settled, unknown);
            unknown = await SettleAsync(scene);
            Assert.Equal(0, unknown);
        }

        Interlocked.Add(ref _unknown, unknown);
        Interlocked.Add(ref _jobs, scene.Service.Ledger.Jobs.Count);
    }

    // All that was on its way has arrived by now, and the history shows it.
    private static async Task<int> SettleAsync(Scene scene)
    {
        scene.Service.Clock.Advance(Late);
        scene.Parameters += " -SettlingTimeSec 0";
        EndedProcess settled = await scene.RunAsync();
        Assert.True(settled.Errors.Count == 0, settled.ToString());
        return scene.Judge.FindsNothingLost();
    }

    private bool TryTakeKill()
    {
        lock (_turn)
        {
            if (_left == 0)
            {
                return false;
            }

            _left--;
            _kills++;
            return true;
        }
    }

    private void GiveKillBack()
    {
        lock (_turn)
        {
            _left++;
            _kills--;
        }
    }

    private enum History
    {
        Off,
        Whole,
        Late,
        Cut,
    }
}
