namespace QwenEdit.Runs;

/// <summary>How an edit ended.</summary>
/// <param name="Result">Its result; <see langword="null"/> if the input never became an edit.</param>
/// <param name="Error">Why there is no image.</param>
internal sealed record EndedEdit(EditResult? Result, QwenEditException? Error)
{
    /// <summary>Returns the same for a job that an earlier run submitted.</summary>
    internal EndedEdit AsResumed() =>
        Result is { Status: EditOutcome.Received } ? this with { Result = Result with { Status = EditOutcome.Resumed } } : this;

    /// <summary>What becomes of an edit that became no job; <see langword="null"/> if it is none at all.</summary>
    internal static EditOutcome? OutcomeWithoutJob(EditError error) => error switch
    {
        EditError.DestinationExists or EditError.DestinationCollision or EditError.DestinationUnwritable or EditError.SubmissionStopped => null,
        EditError.OutcomeUnknown => EditOutcome.Unknown,
        EditError.RecordExpired => EditOutcome.Expired,
        EditError.EditBusy => EditOutcome.Busy,
        _ => EditOutcome.Failed,
    };
}
