using System.Management.Automation;
using QwenEdit.Commands.Base;
using QwenEdit.Commands.Parameters;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Editing;
using QwenEdit.Runs;

namespace QwenEdit.Commands;

/// <summary>Asks the service for the status of jobs.</summary>
/// <remarks>
/// <para>
/// The status is what the service reports at that moment: Queued, Processing, Completed, Failed or Expired. A job is Expired one hour after its
/// submission, when the service has deleted its record. The cmdlet only reads: it does not receive images, and nothing is billed.
/// </para>
/// <para>Get-QwenEditJob shows what the journal has about jobs, without the network.</para>
/// </remarks>
/// <example>
/// <para>Jobs that were just submitted</para>
/// <code>
/// $jobs = Get-ChildItem *.png | Submit-QwenImageEdit -Prompt 'Let it snow'
/// $jobs | Get-QwenEditStatus
/// </code>
/// </example>
/// <example>
/// <para>A job by its id</para>
/// <code>
/// Get-QwenEditStatus -RequestId 0b8e2f4c-5d1a-4c7e-9f36-a1d2c3b4e5f6
/// </code>
/// </example>
/// <example>
/// <para>Wait until jobs have ended, and show their cost</para>
/// <code>
/// Submit-QwenImageEdit *.jpg -Prompt 'Make it night' |
///     Get-QwenEditStatus -Wait |
///     Select-Object RequestId, Status, Cost
/// </code>
/// </example>
/// <example>
/// <para>All jobs that the journal lists as queued</para>
/// <code>
/// Get-QwenEditJob -Status Queued | Get-QwenEditStatus
/// </code>
/// </example>
/// <seealso cref="ReceiveQwenEditResultCommand"/>
/// <seealso cref="SubmitQwenImageEditCommand"/>
/// <seealso cref="GetQwenEditJobCommand"/>
[Cmdlet(VerbsCommon.Get, "QwenEditStatus", DefaultParameterSetName = JobSet, HelpUri = HelpLink.Online)]
[OutputType(typeof(EditStatus))]
public sealed class GetQwenEditStatusCommand : JobCommand
{
    /// <summary>Makes the cmdlet.</summary>
    public GetQwenEditStatusCommand()
        : base("Asking for edits")
    {
    }

    /// <inheritdoc/>
    private protected override RunCounters? Run => null;

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
            return (await session.Jobs.GetStatusAsync(job, wait, token).ConfigureAwait(false), null);
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
