namespace QwenEdit.Compatibility;

/// <summary>Delays of a <see cref="TimeProvider"/>.</summary>
internal static class TimeProviderExtensions
{
    /// <summary>Waits for a period of time.</summary>
    internal static Task Pause(this TimeProvider time, TimeSpan span, CancellationToken cancellationToken) =>
#if NET8_0_OR_GREATER
        Task.Delay(span, time, cancellationToken);
#else
        time.Delay(span, cancellationToken);
#endif
}
