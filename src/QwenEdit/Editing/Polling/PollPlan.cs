namespace QwenEdit.Editing.Polling;

/// <summary>
/// When to ask for jobs that take about as long as those before them. A plan is a pure function of the latencies seen: of all schedules it is the
/// one that costs least over them, where a poll costs <see cref="PollCost"/> of the median latency, and a delay between a job's end and the poll
/// that sees it costs itself. So polls lie close where jobs tend to end, and there are none where none did; see <c>docs/polling.md</c>.
/// </summary>
internal sealed class PollPlan
{
    /// <summary>What a poll may cost, in parts of the median latency: so much delay is accepted to save one.</summary>
    internal const double PollCost = 0.007;

    /// <summary>With fewer latencies than this, there is no plan worth the name.</summary>
    internal const int Fewest = 5;

    /// <summary>How far past a likely end the poll is, in parts of the latency, so that the one does not just miss the other.</summary>
    private const double Margin = 0.005;

    private const double ShortestPause = 0.02;

    /// <summary>The longest pause between two polls of a job that takes longer than any before it, in seconds.</summary>
    private const double LongestPause = 5;

    private readonly double[] _ends;
    private readonly double[] _polls;
    private readonly double _overtime;

    /// <summary>Makes the plan.</summary>
    /// <param name="latencies">Seconds from the beginning to the end of recent jobs, in any order, at least <see cref="Fewest"/>.</param>
    internal PollPlan(IReadOnlyCollection<double> latencies)
    {
        double[] seen = [.. latencies.OrderBy(latency => latency)];
        Cost = PollCost * seen[seen.Length / 2];
        _ends = Widen(seen);
        _polls = Cheapest(_ends, Cost);
        // Beyond what was seen, as wide as the ends lay there.
        _overtime = Math.Max(4 * Cost, (seen[seen.Length - 1] - seen[seen.Length - Math.Max(2, seen.Length / 8)]) / 2);
    }

    /// <summary>What a poll costs, in seconds of delay.</summary>
    internal double Cost { get; }

    /// <summary>When to ask next for a job that was still running then, both in seconds from its beginning.</summary>
    internal double Next(double running)
    {
        int first = Array.BinarySearch(_ends, running);
        // The first end that is later; of equal ones the last.
        for (first = first < 0 ? ~first : first; first < _ends.Length && _ends[first] <= running; first++)
        {
        }

        return first < _ends.Length
            ? Math.Max(_polls[first] * (1 + Margin), running + ShortestPause)
            : running + Math.Min(LongestPause, Math.Max(_overtime, running / 16));
    }

    // A few dozen jobs say where the next may end, but not to the hundredth: each stands for the space around it.
    private static double[] Widen(double[] seen)
    {
        int reach = Math.Max(1, ((int)Math.Sqrt(seen.Length) / 2) + 1);
        double[] ends = new double[seen.Length * 3];
        for (int i = 0; i < seen.Length; i++)
        {
            double before = i >= reach ? seen[i] - seen[i - reach] : double.PositiveInfinity;
            double after = i + reach < seen.Length ? seen[i + reach] - seen[i] : double.PositiveInfinity;
            // The lesser, so that a gap between two kinds of jobs stays one.
            double space = Math.Min(before, after) / 2;
            ends[3 * i] = Math.Max(0, seen[i] - space);
            ends[(3 * i) + 1] = seen[i];
            ends[(3 * i) + 2] = seen[i] + space;
        }

        Array.Sort(ends);
        return ends;
    }

    // For each end: when to ask next for a job that is known to be running just before it. The best schedule from there on is the best next poll
    // and the best schedule from there, so that they are found from the last end back (Bellman).
    private static double[] Cheapest(double[] ends, double cost)
    {
        double[] polls = new double[ends.Length];
        double[] costs = new double[ends.Length + 1];
        costs[ends.Length] = cost;
        for (int from = ends.Length - 1; from >= 0; from--)
        {
            // All jobs that end from here on are asked for at the next poll, and those that have ended by then have waited for it.
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
