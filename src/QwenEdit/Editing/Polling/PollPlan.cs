namespace QwenEdit.Editing.Polling;

/// <summary>
/// When to poll jobs that take about as long as earlier jobs. A plan is a pure function of the observed latencies. A poll costs <see cref="PollCost"/>
/// of the median latency; a delay between a job's end and the poll that finds it costs its own length. The next poll comes when the expected delay has
/// grown to the cost of the poll. So polls are frequent where jobs tend to end, and there are none where no job ended; see <c>docs/polling.md</c>.
/// </summary>
internal sealed class PollPlan
{
    /// <summary>The cost of a poll, as a fraction of the median latency: the delay that is accepted to save one poll.</summary>
    internal const double PollCost = 0.0068;

    /// <summary>The smallest number of latencies for a plan.</summary>
    internal const int Fewest = 5;

    /// <summary>How much later than a likely end the poll is, as a fraction of the latency, so that it does not come just before the end.</summary>
    private const double Margin = 0.005;

    private const double ShortestPause = 0.02;

    /// <summary>The longest pause between two polls of a job that takes longer than all earlier ones, in seconds.</summary>
    private const double LongestPause = 5;

    private readonly double[] _ends;
    private readonly double _overtime;

    /// <summary>Creates a plan.</summary>
    /// <param name="latencies">The durations of recent jobs in seconds, in any order, at least <see cref="Fewest"/>.</param>
    internal PollPlan(IReadOnlyCollection<double> latencies)
    {
        double[] seen = [.. latencies.OrderBy(latency => latency)];
        Cost = PollCost * seen[seen.Length / 2];
        _ends = Widen(seen);
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
        int first = Array.FindIndex(_ends, end => end > running);
        if (first < 0)
        {
            return running + Math.Min(LongestPause, Math.Max(_overtime, running / 16));
        }

        // The poll costs each job that may still be running. A later poll delays each job that has ended before it.
        double polled = Cost * (_ends.Length - first);
        double delayed = 0;
        int last = first;
        while (last + 1 < _ends.Length && (delayed += (last + 1 - first) * (_ends[last + 1] - _ends[last])) <= polled)
        {
            last++;
        }

        return Math.Max(_ends[last] * (1 + Margin), running + ShortestPause);
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
}
