using QwenEdit.Tests.Crash.Support;
using Xunit.Abstractions;

namespace QwenEdit.Tests.Crash;

/// <summary>The same command is killed at random instants, and run again, until all is done.</summary>
[Collection(ProcessTests.Name)]
public sealed class RandomKillTests(ITestOutputHelper output)
{
    private const int ImagesOfABatch = 60;

    /// <summary>How many requests a process lives for, at most: none, or those of some eight edits.</summary>
    private const int Requests = 50;

    /// <summary>And how long after the last of them: enough for all that follows an answer.</summary>
    private static readonly TimeSpan Latest = TimeSpan.FromMilliseconds(60);

    private readonly Lock _turn = new();
    private int _left = LongTests.Choose(300, 12);
    private int _batches;
    private int _kills;
    private int _unknown;
    private int _jobs;

    [Fact]
    public async Task Killed_at_any_instant_the_same_command_ends_in_the_same_files_and_pays_for_none_twice()
    {
        // Four at a time, as each spends a good part of its time waiting.
        await Task.WhenAll(LaneAsync(), LaneAsync(), LaneAsync(), LaneAsync());
        output.WriteLine($"{_kills} kills, {_batches} folders of {ImagesOfABatch} images, {_jobs} jobs, {_unknown} edits left unknown.");
    }

    private async Task LaneAsync()
    {
        while (_left > 0)
        {
            await BatchAsync(Interlocked.Increment(ref _batches));
        }
    }

    private async Task BatchAsync(int seed)
    {
        Random random = new(seed);
        await using Scene scene = await Scene.StartAsync(ImagesOfABatch, latency: 0.1, spread: 0.5);
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

        EndedProcess last = await scene.RunAsync();
        int unknown = scene.Judge.FindsNothingLost();
        Assert.Equal(unknown, last.Errors.Count);
        Interlocked.Add(ref _unknown, unknown);
        Interlocked.Add(ref _jobs, scene.Service.Ledger.Jobs.Count);
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
}
