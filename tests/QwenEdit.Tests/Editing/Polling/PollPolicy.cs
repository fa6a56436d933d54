using QwenEdit.Editing.Polling;

namespace QwenEdit.Tests.Editing.Polling;

/// <summary>A way to say when to ask next for a job that was still running at the last poll.</summary>
/// <param name="Name">As it is called in docs/polling.md.</param>
/// <param name="Plan">Of the recent latencies in order, makes what says the time of the next poll by the job's age at the last one, in seconds.</param>
internal sealed record PollPolicy(string Name, Func<double[], Func<double, double>> Plan)
{
    /// <summary>The one that the module uses.</summary>
    internal static PollPolicy Planned { get; } = new("the module's plan", recent =>
        recent.Length < PollPlan.Fewest ? running => Growing(running, 0.5) : new PollPlan(recent).Next);

    internal static IReadOnlyList<PollPolicy> All { get; } =
    [
        new("every second", _ => running => running + 1),
        new("an eighth of the age, 1 to 5 s", _ => running => Growing(running, 1)),
        new("fractions of the median", recent => running => Fraction(recent, running)),
        new("quarters of those left", recent => running => Quantile(recent, running, 0.25)),
        Planned,
    ];

    /// <summary>
    /// Polls and seconds of delay per job, once twenty have been seen, with eight jobs under way at a time. What ended is known as the service
    /// tells it.
    /// </summary>
    internal (double Polls, double Lag) Simulate(IEnumerable<double> latencies)
    {
        const int Warm = 20;
        const int UnderWay = 8;
        Chance chance = new(11);
        List<double> ended = [];
        int polls = 0;
        double lag = 0;
        int jobs = 0;
        foreach (double latency in latencies)
        {
            double[] recent = [.. ended.SkipLast(UnderWay).TakeLast(QwenEdit.Editing.Polling.Latencies.Window).Order()];
            Func<double, double> plan = Plan(recent);
            double age = 0;
            int asked = 0;
            while (age < latency)
            {
                double next = plan(age);
                // As the module does, so that a batch does not ask in step.
                age = next * (1 + (0.01 * chance.Next()));
                asked++;
            }

            ended.Add(latency);
            if (recent.Length >= Warm)
            {
                (polls, lag, jobs) = (polls + asked, lag + age - latency, jobs + 1);
            }
        }

        return ((double)polls / jobs, lag / jobs);
    }

    private static double Growing(double running, double shortest) => running + Math.Min(5, Math.Max(shortest, running / 8));

    // From 0.9 to 1.2 times the median in steps of 0.05, then after a sixteenth of the age.
    private static double Fraction(double[] recent, double running)
    {
        if (recent.Length < PollPlan.Fewest)
        {
            return Growing(running, 0.5);
        }

        double median = recent[recent.Length / 2];
        double next = Enumerable.Range(0, 7).Select(step => (0.9 + (0.05 * step)) * median * 1.005).FirstOrDefault(each => each > running + (0.002 * median));
        return next > 0 ? next : running + Math.Min(5, running / 16);
    }

    // At the latency by which that share of the jobs that took longer than this one has so far had ended.
    private static double Quantile(double[] recent, double running, double share)
    {
        double[] left = [.. recent.Where(latency => latency > running)];
        return recent.Length < PollPlan.Fewest ? Growing(running, 0.5)
            : left.Length == 0 ? running + Math.Min(5, Math.Max(0.3, running / 16))
            : Math.Max(left[(int)Math.Ceiling(share * left.Length) - 1] * 1.005, running + 0.02);
    }
}
