namespace QwenEdit.RateLimiting;

/// <summary>
/// Allows a number of requests in any minute: a window that slides over the requests that left. Within it they leave about evenly. A tenth of
/// them may leave at once, so that the first second does not use up the whole minute.
/// </summary>
internal static class SlidingWindow
{
    /// <summary>A minute, and the time that may pass between a request's turn and its arrival. In milliseconds.</summary>
    internal const long Length = 61_000;

    private const double Minute = 60_000;

    /// <summary>The earliest time from now on at which the next request may leave.</summary>
    /// <param name="sent">When requests left, the earliest first, in milliseconds.</param>
    /// <param name="now">The time.</param>
    /// <param name="most">How many may leave in any minute, 1 or more.</param>
    internal static long Next(IReadOnlyList<long> sent, long now, int most)
    {
        long room = sent.Count >= most ? sent[sent.Count - most] + Length : now;
        return Math.Max(Math.Max(now, room), Evenly(sent, most, Math.Max(1, most / 10)));
    }

    // A leaky bucket: when the next request may leave at an even rate, with some at once after a pause.
    private static long Evenly(IReadOnlyList<long> sent, double perMinute, int atOnce)
    {
        double gap = Minute / perMinute;
        double due = 0;
        foreach (long left in sent)
        {
            due = Math.Max(due, left) + gap;
        }

        return (long)Math.Ceiling(due - ((atOnce - 1) * gap));
    }
}
