namespace QwenEdit.Segmind.Http;

/// <summary>A period of time that has begun, measured by the monotonic clock.</summary>
internal sealed class Deadline(TimeProvider time, TimeSpan span)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>The remaining time; negative after the end.</summary>
    internal TimeSpan Left => span - time.GetElapsedTime(_start);

    /// <summary>
    /// Returns the time limit of a request that begins now: the remaining time, but at least <paramref name="least"/> and at most
    /// <paramref name="most"/>.
    /// </summary>
    /// <param name="least">The shortest limit, for a request that begins near or after the end.</param>
    /// <param name="most">The longest limit.</param>
    internal TimeSpan Limit(TimeSpan least, TimeSpan most)
    {
        TimeSpan left = Left > least ? Left : least;
        return left < most ? left : most;
    }

    /// <summary>The whole period.</summary>
    internal TimeSpan Span => span;
}
