using System.Management.Automation;
using QwenEdit.Engine;

namespace QwenEdit.Commands;

/// <summary>Asks the service how jobs stand.</summary>
/// <remarks>
/// <para>
/// A status is what the service says at that moment: Queued, Processing, Completed, Failed, or Expired, once it has forgotten the job, an hour
/// after the submission. It is only read: no image is received and nothing is billed.
/// </para>
/// <para>Get-QwenEditJob says without the network what the journal knows.</para>
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
/// <para>Wait for the end of jobs, and read their cost</para>
/// <code>
/// Submit-QwenImageEdit *.jpg -Prompt 'Make it night' |
///     Get-QwenEditStatus -Wait |
///     Select-Object RequestId, Status, Cost
/// </code>
/// </example>
/// <example>
/// <para>Everything that the journal has at the service</para>
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
