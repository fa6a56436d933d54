using QwenEdit.Journal;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Editing;

/// <summary>What a run does with an edit.</summary>
internal enum NextStep
{
    /// <summary>Submits the edit.</summary>
    Submit,

    /// <summary>Does nothing: the edit is done.</summary>
    Skip,

    /// <summary>Records that the edit is done: its image is there, and the process that wrote it was killed before it could record that.</summary>
    Confirm,

    /// <summary>Polls and receives the existing job. No POST.</summary>
    Adopt,

    /// <summary>Downloads the image again. No POST.</summary>
    DownloadAgain,

    /// <summary>Reports that the edit may have been billed. No POST.</summary>
    ReportUnknown,

    /// <summary>Reports that the service no longer has the job. No POST.</summary>
    ReportExpired,

    /// <summary>Reports that the edit failed before.</summary>
    ReportFailed,

    /// <summary>Reports that another file is at the destination.</summary>
    RefuseDestination,
}

/// <summary>The table of re-runs: what a run does with an edit that the journal has. The first matching row decides.</summary>
internal static class ResumeDecision
{
    /// <summary>Decides about an edit that no other process is working on.</summary>
    internal static NextStep Decide(EditEntry? entry, DestinationState there, bool overwrite, Resubmit resubmit, DateTimeOffset now)
    {
        bool isTaken = there == DestinationState.SomethingElse && !overwrite;
        switch (entry?.State)
        {
            case EditState.Received when there == DestinationState.ItsResult:
                return NextStep.Skip;
            case EditState.Writing or EditState.Completed when there == DestinationState.ItsResult:
                return NextStep.Confirm;
            case EditState.Received or EditState.Writing or EditState.Completed or EditState.Queued or EditState.Processing when isTaken:
                return NextStep.RefuseDestination;
            // The job is not polled: the service keeps its record for an hour, and its image for days.
            case EditState.Received or EditState.Writing or EditState.Completed when entry.OutputUrl is not null && now - entry.Ended < ServiceRetention.Output:
                return NextStep.DownloadAgain;
            case EditState.Writing when entry.IsNameless:
                return resubmit.HasFlag(Resubmit.Unknown) ? NextStep.Submit : NextStep.ReportUnknown;
            case EditState.Writing or EditState.Completed or EditState.Queued or EditState.Processing:
                return NextStep.Adopt;
            case EditState.Submitting or EditState.Unknown when !resubmit.HasFlag(Resubmit.Unknown):
                return NextStep.ReportUnknown;
            case EditState.Expired or EditState.Received when !resubmit.HasFlag(Resubmit.Expired):
                return NextStep.ReportExpired;
            case EditState.Failed or EditState.Rejected when !resubmit.HasFlag(Resubmit.Failed):
                return NextStep.ReportFailed;
            case null or EditState.Prepared or EditState.Submitting or EditState.Unknown or EditState.Expired or EditState.Received
                or EditState.Failed or EditState.Rejected:
                return there == DestinationState.Nothing || overwrite ? NextStep.Submit : NextStep.RefuseDestination;
            default:
                // A state without a row must not be paid for.
                throw new ArgumentOutOfRangeException(nameof(entry), entry?.State, null);
        }
    }
}
