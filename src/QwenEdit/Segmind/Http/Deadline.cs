namespace QwenEdit.Segmind.Http;

/// <summary>A span of time that has begun, by the monotonic clock.</summary>
internal sealed class Deadline(TimeProvider time, TimeSpan span)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>What is left of it; below zero when it is over.</summary>
    internal TimeSpan Left => span - time.GetElapsedTime(_start);

    /// <summary>How long a request may take that begins now: what is left, but at least a while, and at most its own limit.</summary>
    /// <param name="least">For a request that begins when the time is up, or nearly so.</param>
    /// <param name="most">The request's own limit.</param>
    internal TimeSpan Limit(TimeSpan least, TimeSpan most)
    {
        TimeSpan left = Left > least ? Left : least;
        return left < most ? left : most;
    }

    /// <summary>How long it is in all.</summary>
    internal TimeSpan Span => span;
}
