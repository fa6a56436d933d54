namespace QwenEdit.Editing.Polling;

/// <summary>
/// When to poll jobs that take about as long as earlier jobs. A plan is a pure function of the observed latencies: it is the schedule with the lowest
/// total cost for them. A poll costs <see cref="PollCost"/> of the median latency; a delay between a job's end and the poll that finds it costs its
/// own length. So polls are frequent where jobs tend to end, and there are none where no job ended; see <c>docs/polling.md</c>.
/// </summary>
internal sealed class PollPlan
{
    /// <summary>The cost of a poll, as a fraction of the median latency: the delay that is accepted to save one poll.</summary>
    internal const double PollCost = 0.007;

    /// <summary>The smallest number of latencies for a plan.</summary>
    internal const int Fewest = 5;

    /// <summary>How much later than a likely end the poll is, as a fraction of the latency, so that it does not come just before the end.</summary>
    private const double Margin = 0.005;

    private const double ShortestPause = 0.02;

    /// <summary>The longest pause between two polls of a job that takes longer than all earlier ones, in seconds.</summary>
    private const double LongestPause = 5;

    private readonly double[] _ends;
    private readonly double[] _polls;
    private readonly double _overtime;

    /// <summary>Creates a plan.</summary>
    /// <param name="latencies">The durations of recent jobs in seconds, in any order, at least <see cref="Fewest"/>.</param>
    internal PollPlan(IReadOnlyCollection<double> latencies)
    {
        double[] seen = [.. latencies.OrderBy(latency => latency)];
        Cost = PollCost * seen[seen.Length / 2];
        _ends = Widen(seen);
        _polls = Cheapest(_ends, Cost);
        // The pause after the longest latency, derived from the distances between the longest latencies.
        _overtime = Math.Max(4 * Cost, (seen[seen.Length - 1] - seen[seen.Length - Math.Max(2, seen.Length / 8)]) / 2);
    }

    /// <summary>The cost of a poll, in seconds of delay.</summary>
    internal double Cost { get; }

    /// <summary>
    /// Returns when to poll next a job that was still running at <paramref name="running"/>. Both are in seconds from the job's beginning.
    /// </summary>
    internal double Next(double running)
    {
        int first = Array.BinarySearch(_ends, running);
        // Finds the first later end.
        for (first = first < 0 ? ~first : first; first < _ends.Length && _ends[first] <= running; first++)
        {
        }

        return first < _ends.Length
            ? Math.Max(_polls[first] * (1 + Margin), running + ShortestPause)
            : running + Math.Min(LongestPause, Math.Max(_overtime, running / 16));
    }

    // A few dozen latencies don't show exactly when the next job ends, so each latency also stands for the space around it.
    private static double[] Widen(double[] seen)
    {
        int reach = Math.Max(1, ((int)Math.Sqrt(seen.Length) / 2) + 1);
        double[] ends = new double[seen.Length * 3];
        for (int i = 0; i < seen.Length; i++)
        {
            double before = i >= reach ? seen[i] - seen[i - reach] : double.PositiveInfinity;
            double after = i + reach < seen.Length ? seen[i + reach] - seen[i] : double.PositiveInfinity;
            // Uses the smaller distance, so that a gap between two kinds of jobs remains.
            double space = Math.Min(before, after) / 2;
            ends[3 * i] = Math.Max(0, seen[i] - space);
            ends[(3 * i) + 1] = seen[i];
            ends[(3 * i) + 2] = seen[i] + space;
        }

        Array.Sort(ends);
        return ends;
    }

    // Returns, for each end, when to poll next a job that was still running just before it. The best schedule consists of the best next poll and the
    // best schedule after it, so it is computed from the last end backwards (Bellman).
    private static double[] Cheapest(double[] ends, double cost)
    {
        double[] polls = new double[ends.Length];
        double[] costs = new double[ends.Length + 1];
        costs[ends.Length] = cost;
        for (int from = ends.Length - 1; from >= 0; from--)
        {
            // The next poll counts for all jobs that end from here on. The jobs that have ended before it have waited for it.
            double polled = cost * (ends.Length - from);
            double waited = 0;
            costs[from] = double.PositiveInfinity;
            for (int to = from; to < ends.Length; to++)
            {
                waited += to == from ? 0 : (to - from) * (ends[to] - ends[to - 1]);
                double total = polled + waited + costs[to + 1];
                if (total < costs[from])
                {
                    costs[from] = total;
                    polls[from] = ends[to];
                }
            }
        }

        return polls;
    }
}
