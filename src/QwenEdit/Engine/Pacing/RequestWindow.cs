namespace QwenEdit.Engine;

/// <summary>
/// So many requests in any minute, and no more: a window that slides over the requests that left. Within it they leave about evenly, a tenth of
/// them at once, so that a minute's room is not used up by its first second.
/// </summary>
internal static class RequestWindow
{
    /// <summary>A minute, and what may pass between a request's turn and its arrival. In milliseconds.</summary>
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

    /// <summary>When the next request may leave at an even pace; some may leave at once after a rest. (A leaky bucket.)</summary>
    /// <param name="sent">When requests left, the earliest first, in milliseconds.</param>
    /// <param name="rate">Requests per minute.</param>
    /// <param name="atOnce">How many may leave at once.</param>
    internal static long Evenly(IReadOnlyList<long> sent, double rate, int atOnce)
    {
        double gap = Minute / rate;
        double due = 0;
        foreach (long left in sent)
        {
            due = Math.Max(due, left) + gap;
        }

        return (long)Math.Ceiling(due - ((atOnce - 1) * gap));
    }
}
