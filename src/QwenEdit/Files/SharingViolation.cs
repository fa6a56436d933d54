namespace QwenEdit.Files;

/// <summary>Waits for programs that open a file for a moment, as virus scanners and indexers do with new files on Windows.</summary>
internal static class SharingViolation
{
    /// <summary>The longest time to wait for a file.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs a file operation, and retries it until no other program has the file open or <see cref="Longest"/> is over.</summary>
    /// <param name="action">The operation. If it fails, it must have changed nothing.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    /// <exception cref="IOException">Another program still has the file open.</exception>
    /// <exception cref="UnauthorizedAccessException">Another program still has the file open, or the user lacks permission.</exception>
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
                // Another program has the file open and may close it soon.
            }

            await time.Pause(pause, cancellationToken).ConfigureAwait(false);
        }
    }
}
