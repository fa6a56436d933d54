namespace QwenEdit;

/// <summary>A span of time that has begun, by the monotonic clock.</summary>
internal sealed class Deadline(TimeProvider time, TimeSpan span)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>What is left of it; below zero when it is over.</summary>
    internal TimeSpan Left => span - time.GetElapsedTime(_start);

    /// <summary>How long it is in all.</summary>
    internal TimeSpan Span => span;
}
