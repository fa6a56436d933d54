namespace QwenEdit.Runs;

/// <summary>How an edit ended.</summary>
/// <param name="Result">Its result; <see langword="null"/> if the input never became an edit.</param>
/// <param name="Error">Why there is no image.</param>
internal sealed record EndedEdit(EditResult? Result, QwenEditException? Error)
{
    /// <summary>Returns the same for a job that an earlier run submitted.</summary>
    internal EndedEdit AsResumed() =>
        Result is { Status: EditOutcome.Received } ? this with { Result = Result with { Status = EditOutcome.Resumed } } : this;
}
