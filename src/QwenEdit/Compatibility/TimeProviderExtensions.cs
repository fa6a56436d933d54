namespace QwenEdit.Compatibility;

/// <summary>Waiting by a <see cref="TimeProvider"/>.</summary>
internal static class TimeProviderExtensions
{
    /// <summary>Waits by a clock.</summary>
    internal static Task Pause(this TimeProvider time, TimeSpan span, CancellationToken cancellationToken) =>
#if NET8_0_OR_GREATER
        Task.Delay(span, time, cancellationToken);
#else
        time.Delay(span, cancellationToken);
#endif

    /// <summary>Makes a token that is cancelled after a time by a clock.</summary>
    internal static CancellationTokenSource CancelAfter(this TimeProvider time, TimeSpan span) =>
#if NET8_0_OR_GREATER
        new(span, time);
#else
        time.CreateCancellationTokenSource(span);
#endif
}
