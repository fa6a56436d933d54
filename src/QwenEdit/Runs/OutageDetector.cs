namespace QwenEdit.Runs;

/// <summary>
/// Stops submitting when the service could not take several images in a row, each of them after its retries: it was down, or its rate limit had no room
/// in time.
/// </summary>
/// <param name="breaker">Stops submitting.</param>
internal sealed class OutageDetector(SubmissionBreaker breaker)
{
    /// <summary>The number of consecutive images after which submitting stops.</summary>
    internal const int Most = 10;

    private int _inRow;

    /// <summary>Counts an edit that has ended.</summary>
    /// <param name="outcome">Its outcome, if it has one.</param>
    /// <param name="error">Its error, if there was one.</param>
    internal void Ended(EditOutcome? outcome, QwenEditException? error)
    {
        if (outcome == EditOutcome.Failed && error is not null
            && EditErrorCatalog.Of(error.Error).Stop?.Condition == StopCondition.WhenRepeated)
        {
            if (Interlocked.Increment(ref _inRow) == Most)
            {
                breaker.Trip(new QwenEditException(
                    error.Error, $"The service could not take {Most} images in a row, each of them after its retries. The last error: {error.Message}", error));
            }
        }
        else if (outcome is EditOutcome.Received or EditOutcome.Resumed or EditOutcome.Failed || (outcome is null && error is null))
        {
            // The service responded.
            Interlocked.Exchange(ref _inRow, 0);
        }
    }
}
