namespace QwenEdit.Runs;

/// <summary>How an edit ended.</summary>
/// <param name="Result">Its result; <see langword="null"/> if the input never became an edit.</param>
/// <param name="Error">What kept it from ending in an image.</param>
internal sealed record EndedEdit(EditResult? Result, QwenEditException? Error)
{
    /// <summary>The same, of a job that an earlier run had submitted.</summary>
    internal EndedEdit AsResumed() =>
        Result is { Status: EditOutcome.Received } ? this with { Result = Result with { Status = EditOutcome.Resumed } } : this;
}
