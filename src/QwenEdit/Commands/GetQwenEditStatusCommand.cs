using System.Management.Automation;
using QwenEdit.Commands.Base;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Editing;

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
    /// <summary>Creates the cmdlet.</summary>
    public GetQwenEditStatusCommand()
        : base("Asking for edits", isRun: false)
    {
    }

    // A property without [Parameter] is not a parameter. A status query is not a run, so there is none to report.
    /// <inheritdoc/>
    public override string? RunVariable => null;

    /// <inheritdoc/>
    public override string? LogPath => null;

    /// <inheritdoc/>
    private protected override void ProcessJob(EditJob job)
    {
        EditSession session = Session;
        bool wait = Wait;
        Start(token => session.Jobs.GetStatusAsync(job, wait, token), Report, error => ReportError(job, error));
    }

    private void Report(EditStatus status)
    {
        Progress.Ended(succeeded: true, null);
        WriteObject(status);
    }

    private void ReportError(EditJob job, QwenEditException error)
    {
        Progress.Ended(succeeded: false, null);
        WriteError(error, job.RequestId, job.RequestId);
    }
}
