using QwenEdit.Commands.Parameters;
using QwenEdit.Journal;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Editing;

/// <summary>What a run does with an edit, by what the journal says of it.</summary>
internal enum NextStep
{
    /// <summary>Submits it.</summary>
    Submit,

    /// <summary>Nothing: it is done.</summary>
    Skip,

    /// <summary>Writes down that it is done: its image is there, and whoever put it there was killed before it could say so.</summary>
    Confirm,

    /// <summary>Watches and receives the job that there is. No POST.</summary>
    Adopt,

    /// <summary>Downloads the output again. No POST.</summary>
    DownloadAgain,

    /// <summary>Reports that it may have been billed. No POST.</summary>
    ReportUnknown,

    /// <summary>Reports that the service has forgotten the job. No POST.</summary>
    ReportExpired,

    /// <summary>Reports that it failed before.</summary>
    ReportFailed,

    /// <summary>Reports that something else is at its destination.</summary>
    RefuseDestination,
}

/// <summary>The table of re-runs: meeting the same identity again, a run does this.</summary>
internal static class ResumeDecision
{
    /// <summary>Decides about an edit that no other process works on.</summary>
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
            // Without asking for the job: its record lives for an hour, its output for days.
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
            default:
                return there == DestinationState.Nothing || overwrite ? NextStep.Submit : NextStep.RefuseDestination;
        }
    }
}
