using QwenEdit.Compatibility;

namespace QwenEdit.Files;

/// <summary>Waits for programs that hold a file for a moment, as virus scanners and indexers do with new ones on Windows.</summary>
internal static class SharingViolation
{
    /// <summary>How long a file is waited for.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Does something with a file, and again until no other program holds it, or <see cref="Longest"/> is over.</summary>
    /// <param name="action">What is done. It fails as a whole, or not at all.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Waits no longer.</param>
    /// <exception cref="IOException">Another program still holds the file.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, or it may not be done at all.</exception>
    internal static async Task WaitOutAsync(Action action, TimeProvider time, CancellationToken cancellationToken)
    {
        long begun = time.GetTimestamp();
        for (TimeSpan pause = FirstPause; ; pause = pause + pause < LongestPause ? pause + pause : LongestPause)
        {
            try
            {
                action();
                return;
            }
            catch (Exception exception) when (IoErrors.IsHeld(exception) && time.GetElapsedTime(begun) < Longest && !cancellationToken.IsCancellationRequested)
            {
                // Another program holds it, and may let go of it.
            }

            await time.Pause(pause, cancellationToken).ConfigureAwait(false);
        }
    }
}
