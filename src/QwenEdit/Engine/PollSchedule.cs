namespace QwenEdit.Engine;

/// <summary>When to ask for a job again.</summary>
internal static class PollSchedule
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The pause before the next poll: the fixed one, or an eighth of the time that the job has taken so far, between 1 and 5 s. A tenth up or
    /// down keeps a batch from asking in step.
    /// </summary>
    internal static TimeSpan Next(TimeSpan elapsed, TimeSpan? fixedInterval)
    {
        if (fixedInterval is { } interval)
        {
            return interval;
        }

        double seconds = Math.Min(Longest.TotalSeconds, Math.Max(First.TotalSeconds, elapsed.TotalSeconds / 8));
        double jitter = 0.9 + (0.2 * (Guid.NewGuid().GetHashCode() & 0xFFFF) / 0xFFFF);
        return TimeSpan.FromSeconds(seconds * jitter);
    }
}
