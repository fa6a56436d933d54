namespace QwenEdit.Runs;

/// <summary>
/// Stops all submitting after an error that would affect every further edit (a refused key, no credits, a retired model, a full disk), or when a
/// limit of the user is reached. Submitted jobs are still polled and received.
/// </summary>
internal sealed class SubmissionBreaker : IDisposable
{
    private readonly CancellationTokenSource _tripped = new();
    private QwenEditException? _cause;

    /// <summary>The error that stopped submitting, if any.</summary>
    internal QwenEditException? Cause => Volatile.Read(ref _cause);

    /// <summary>Canceled when submitting is stopped.</summary>
    internal CancellationToken Tripped => _tripped.Token;

    /// <summary>Stops submitting. Only the first cause is kept.</summary>
    /// <returns>Whether this call stopped it.</returns>
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
            // -MaxDuration was over while the call was ending.
        }

        return true;
    }

    /// <summary>Stops submitting if the error would affect every further edit.</summary>
    /// <returns>The error to report: this one, or <see cref="EditError.SubmissionStopped"/> if submitting was stopped before.</returns>
    internal QwenEditException Observe(QwenEditException error) =>
        !AffectsAll(error) || Trip(error)
            ? error
            : new QwenEditException(EditError.SubmissionStopped, error.Message, error);

    // On a full disk, other folders are usually full too. A service that is down for one image may be up for the next: see OutageDetector.
    private static bool AffectsAll(QwenEditException error) => EditErrorCatalog.Of(error.Error).Stop?.Condition switch
    {
        StopCondition.AtOnce => true,
        StopCondition.WhenDiskIsFull => error.InnerException is { } cause && IoErrors.IsDiskFull(cause),
        _ => false,
    };

    /// <summary>Throws if submitting was stopped.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.SubmissionStopped"/>.</exception>
    internal void ThrowIfStopped()
    {
        if (Cause is { } cause)
        {
            throw new QwenEditException(EditError.SubmissionStopped, "The edit was not submitted, because submitting was stopped.", cause);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _tripped.Dispose();
}
