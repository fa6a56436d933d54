namespace QwenEdit.Commands.Pipeline;

/// <summary>The images that were not submitted because submitting had stopped. One error at the end of the call has their number.</summary>
internal sealed class UnsubmittedImages
{
    private int _count;

    /// <summary>Counts an image.</summary>
    internal void Add() => _count++;

    /// <summary>The error at the end of the call; <see langword="null"/> if all images were submitted.</summary>
    /// <param name="cause">What stopped submitting.</param>
    internal QwenEditException? ErrorFor(QwenEditException? cause)
    {
        if (_count == 0 || cause is null)
        {
            return null;
        }

        string images = _count == 1 ? "1 image was" : $"{_count} images were";
        return EditErrorCatalog.Of(cause.Error).IsLimit
            ? new QwenEditException(cause.Error, $"{cause.Message} {images} not submitted and cost nothing.", cause) { NextStep = cause.NextStep }
            : new QwenEditException(
                EditError.SubmissionStopped, $"{images} not submitted and cost nothing, because no edit can succeed now: {cause.Message}", cause);
    }
}
