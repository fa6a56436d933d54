using QwenEdit.Emulator;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Crash.Support;
using QwenEdit.Tests.Support;
using Xunit.Abstractions;

namespace QwenEdit.Tests.Crash;

/// <summary>
/// The same command is killed at random instants, and run again, until all is done; while connections break too, and the account's request
/// history is there, late, cut or off.
/// </summary>
public sealed class RandomKillTests(ITestOutputHelper output)
{
    private const int ImagesOfABatch = 60;

    /// <summary>The share of submissions whose connection breaks when the job is made.</summary>
    private const double Resets = 0.04;

    /// <summary>How long after the last of its requests a process lives: enough for all that follows an answer.</summary>
    private static readonly TimeSpan Latest = TimeSpan.FromMilliseconds(60);

    /// <summary>How late a late history is; longer than the settling time that a user has who sets none.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(15);

    private readonly Lock _turn = new();
    private int _left;
    private int _batches;
    private int _kills;
    private int _unknown;
    private int _settled;
    private int _jobs;

    [Fact]
    public Task Killed_at_any_instant_the_same_command_ends_in_the_same_files_and_pays_for_none_twice() =>
        // Four at a time, as each spends a good part of its time waiting.
        KillAsync(new Way(EditTransport.Async, ApiRoute.Submit, RequestsOfAnEdit: 6), kills: LongTests.Choose(300, 40), lanes: 4);

    [Fact]
    public Task Killed_at_any_instant_a_synchronous_command_does_the_same() =>
        KillAsync(new Way(EditTransport.Sync, ApiRoute.Sync, RequestsOfAnEdit: 1), kills: LongTests.Choose(24, 6), lanes: LongTests.Choose(4, 2));

    private async Task KillAsync(Way way, int kills, int lanes)
    {
        _left = kills;
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => LaneAsync(way)));
        output.WriteLine(
            $"{_kills} kills, {_batches} folders of {ImagesOfABatch} images, {_jobs} jobs, {_settled} edits settled at the end, {_unknown} left unknown.");
    }

    private async Task LaneAsync(Way way)
    {
        while (_left > 0)
        {
            int batch = Interlocked.Increment(ref _batches);
            await BatchAsync(way, new Random(batch), (History)(batch % 4));
        }
    }

    private async Task BatchAsync(Way way, Random random, History history)
    {
        await using CrashFixture fixture = await CrashFixture.StartAsync(ImagesOfABatch, new EmulatorOptions
        {
            Latency = TimeSpan.FromSeconds(0.1),
            LatencySpread = 0.5,
            History = history != History.Off,
            HistoryDelay = history == History.Late ? Late : TimeSpan.Zero,
            HistoryBody = history == History.Cut ? HistoryBody.Cut : HistoryBody.Whole,
        });
        fixture.Parameters += $" -Transport {way.Transport}";
        fixture.Service.Faults.Add(new Fault { Kind = FaultKind.ResetAfterAccepting, Route = way.Route, Share = Resets });
        while (TryTakeKill())
        {
            using EditProcess process = fixture.Start();
            await process.WhenWrittenAsync(CrashFixture.Ready);
            // The instant is chance; that is what this test is about. Counted in requests, so that a slow machine gets as far as a fast one.
            int until = fixture.Service.Ledger.Requests.Count + random.Next(way.MostRequests);
            await Until.TrueAsync(() => process.HasEnded || fixture.Service.Ledger.Requests.Count >= until, "the process has sent its requests");
            await Task.Delay(Latest * random.NextDouble());
            if (process.HasEnded)
            {
                GiveKillBack();
                break;
            }

            await process.KillAsync();
            fixture.LedgerCheck.FindsNoHalfFile();
            fixture.LedgerCheck.FindsNoSecondBill();
        }

        fixture.Service.Faults.Clear();
        EndedProcess last = await fixture.RunAsync();
        int unknown = fixture.LedgerCheck.FindsNothingLost();
        // A history that is off is warned about.
        string[] errors = [.. last.Errors.Where(line => !line.StartsWith("WARNING: ", StringComparison.Ordinal))];
        Assert.Equal(unknown, errors.Length);
        Assert.All(errors, error => Assert.StartsWith("OutcomeUnknown,", error, StringComparison.Ordinal));
        if (history is History.Whole or History.Late)
        {
            Interlocked.Add(ref _settled, unknown);
            unknown = await ReconcileAsync(fixture);
            Assert.Equal(0, unknown);
        }

        Interlocked.Add(ref _unknown, unknown);
        Interlocked.Add(ref _jobs, fixture.Service.Ledger.Jobs.Count);
    }

    // All that was on its way has arrived by now, and the history shows it.
    private static async Task<int> ReconcileAsync(CrashFixture fixture)
    {
        fixture.Service.Clock.Advance(Late);
        fixture.Parameters += " -SettlingTimeSec 0";
        EndedProcess settled = await fixture.RunAsync();
        Assert.True(settled.Errors.Count == 0, settled.ToString());
        return fixture.LedgerCheck.FindsNothingLost();
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

    /// <summary>How the command sends its edits.</summary>
    private sealed record Way(EditTransport Transport, ApiRoute Route, int RequestsOfAnEdit)
    {
        /// <summary>How many requests a process lives for, at most: none, or those of some eight edits.</summary>
        internal int MostRequests => RequestsOfAnEdit * 8;
    }

    private enum History
    {
        Off,
        Whole,
        Late,
        Cut,
    }
}
