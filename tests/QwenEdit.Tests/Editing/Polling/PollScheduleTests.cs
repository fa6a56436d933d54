using QwenEdit.Editing.Polling;
using QwenEdit.Journal;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Tests.Reconciliation;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Editing.Polling;

/// <summary>What was observed of jobs outranks what the service says of them.</summary>
public sealed class PollScheduleTests : IDisposable
{
    private const string Model = "qwen-image-edit-fast";

    private readonly TestFolder _folder = new();
    private readonly JournalStore _store;

    public PollScheduleTests() => _store = JournalStore.Open(_folder.At("journal.db"));

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    // Steady jobs of a second, of which the service says so much more.
    [InlineData(0, 1.3, 0.025)]
    [InlineData(0.1, 1.4, 0.045)]
    [InlineData(0.4, 1.5, 0.06)]
    public void A_count_that_is_too_long_is_corrected(double overstated, double mostPolls, double mostLag)
    {
        (double polls, double lag) = Simulate(overstated, chance => 1 + (0.01 * chance.Next()));

        Assert.InRange(polls, 1, mostPolls);
        Assert.InRange(lag, 0, mostLag);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void A_spread_is_planned_for_as_before(double overstated)
    {
        (double polls, double lag) = Simulate(overstated, chance => 8.7 * chance.LogNormal(0.1));

        Assert.InRange(polls, 1, 3.7);
        Assert.InRange(lag, 0, 0.45);
    }

    [Fact]
    public void One_absurd_count_changes_nothing()
    {
        int job = 0;

        (double polls, double lag) = Simulate(0, chance => 1 + (0.01 * chance.Next()), told => job++ % 50 == 49 ? told * 1.9 : told);

        Assert.InRange(polls, 1, 1.4);
        Assert.InRange(lag, 0, 0.03);
    }

    // Polls and seconds of delay per job of 400, once a hundred have been seen, one after the other.
    private (double Polls, double Lag) Simulate(double overstated, Func<Chance, double> draw, Func<double, double>? tell = null)
    {
        const int Warm = 100;
        const int Jobs = 400;
        Latencies latencies = new(new LatencyJournal(_store, "http://127.0.0.1/"));
        Chance latency = new(7);
        Chance jitter = new(11);
        int polls = 0;
        double lag = 0;
        for (int job = 0; job < Jobs; job++)
        {
            PollSchedule schedule = new(latencies, Model, isAgeKnown: true, interval: null);
            double end = draw(latency);
            double age = 0;
            int asked = 0;
            while (true)
            {
                age += schedule.Next(age, jitter.Next()).TotalSeconds;
                asked++;
                if (age >= end)
                {
                    break;
                }

                schedule.IsRunning(EditState.Processing, age);
            }

            double told = tell?.Invoke(end + overstated) ?? end + overstated;
            schedule.HasEnded(new JobReport { State = EditState.Completed, QueueSeconds = 0, InferenceSeconds = told }, age);
            (polls, lag) = job < Warm ? (0, 0) : (polls + asked, lag + age - end);
        }

        return ((double)polls / (Jobs - Warm), lag / (Jobs - Warm));
    }
}
