namespace QwenEdit.Engine;

/// <summary>
/// Stops all submitting after an answer that would meet every further edit alike: a refused key, no credits, a model that is gone.
/// </summary>
internal sealed class SubmissionBrake
{
    private QwenEditException? _cause;

    /// <summary>The answer that stopped it, if one did.</summary>
    internal QwenEditException? Cause => Volatile.Read(ref _cause);

    /// <summary>Whether an error is such an answer.</summary>
    internal static bool IsFatal(EditError error) => error is EditError.ApiKeyMissing or EditError.ApiKeyRejected or EditError.ModelForbidden
        or EditError.ModelNotFound or EditError.ModelRetired or EditError.InsufficientCredits or EditError.SpendLimitReached;

    /// <summary>Stops, if the error is such an answer.</summary>
    /// <returns>Whether this very call stopped it.</returns>
    internal bool Observe(QwenEditException error) => IsFatal(error.Error) && Interlocked.CompareExchange(ref _cause, error, null) is null;

    /// <exception cref="QwenEditException"><see cref="EditError.SubmissionStopped"/>.</exception>
    internal void ThrowIfStopped()
    {
        if (Cause is { } cause)
        {
            throw new QwenEditException(EditError.SubmissionStopped, "Not submitted, as submitting was stopped.", cause);
        }
    }
}
