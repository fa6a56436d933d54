using QwenEdit.Compatibility;

namespace QwenEdit.Runs;

/// <summary>
/// Stops all submitting: after an answer that would meet every further edit alike (a refused key, no credits, a model that is gone, a full
/// disk), or when a cap of the user is reached. What was submitted is still watched and received.
/// </summary>
internal sealed class SubmissionBreaker : IDisposable
{
    private readonly CancellationTokenSource _tripped = new();
    private QwenEditException? _cause;

    /// <summary>What stopped it, if something did.</summary>
    internal QwenEditException? Cause => Volatile.Read(ref _cause);

    /// <summary>Fires when submitting is stopped.</summary>
    internal CancellationToken Tripped => _tripped.Token;

    /// <summary>Stops. The first cause stays.</summary>
    /// <returns>Whether this very call stopped it.</returns>
    internal bool Trip(QwenEditException cause)
    {
        if (Interlocked.CompareExchange(ref _cause, cause, null) is not null)
        {
            return false;
        }

        try
        {
            _tripped.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The time was up while the call was ending anyway.
        }

        return true;
    }

    /// <summary>Stops, if every further edit would meet the same.</summary>
    /// <returns>The error to report: this one, or for an edit that met what another has reported, that it was not submitted.</returns>
    internal QwenEditException Observe(QwenEditException error) =>
        !MeetsAll(error) || Trip(error)
            ? error
            : new QwenEditException(EditError.SubmissionStopped, error.Message, error);

    // Another image may go to another folder, but a user seldom has two disks. A service that is down for one image may be up for the next: see
    // OutageDetector.
    private static bool MeetsAll(QwenEditException error) => EditErrorCatalog.Of(error.Error).Stop?.Condition switch
    {
        StopCondition.AtOnce => true,
        StopCondition.WhenDiskIsFull => error.InnerException is { } cause && IoErrors.IsDiskFull(cause),
        _ => false,
    };

    /// <exception cref="QwenEditException"><see cref="EditError.SubmissionStopped"/>.</exception>
    internal void ThrowIfStopped()
    {
        if (Cause is { } cause)
        {
            throw new QwenEditException(EditError.SubmissionStopped, "Not submitted, as submitting was stopped.", cause);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _tripped.Dispose();
}
