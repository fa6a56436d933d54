using System.Management.Automation;
using QwenEdit.Engine;

namespace QwenEdit.Commands;

/// <summary>Asks the service how jobs stand.</summary>
[Cmdlet(VerbsCommon.Get, "QwenEditStatus", DefaultParameterSetName = JobSet)]
[OutputType(typeof(EditStatus))]
public sealed class GetQwenEditStatusCommand : JobCommand
{
    /// <summary>Makes the cmdlet.</summary>
    public GetQwenEditStatusCommand()
        : base("Asking for edits")
    {
    }

    /// <inheritdoc/>
    private protected override RunTally? Run => null;

    /// <inheritdoc/>
    private protected override void ProcessJob(EditJob job)
    {
        EditSession session = Session;
        bool wait = Wait;
        Start(token => AskAsync(session, job, wait, token), answer => Report(job, answer));
    }

    private static async Task<(EditStatus? Status, QwenEditException? Error)> AskAsync(
        EditSession session, EditJob job, bool wait, CancellationToken token)
    {
        try
        {
            return (await session.GetStatusAsync(job, wait, token).ConfigureAwait(false), null);
        }
        catch (QwenEditException exception)
        {
            return (null, exception);
        }
    }

    private void Report(EditJob job, (EditStatus? Status, QwenEditException? Error) answer)
    {
        Progress.Ended(answer.Error is null, null);
        if (answer.Error is not null)
        {
            WriteError(ErrorRecords.From(answer.Error, job.RequestId, job.RequestId));
        }
        else
        {
            WriteObject(answer.Status);
        }
    }
}
