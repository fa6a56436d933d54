using System.Management.Automation;
using QwenEdit.Commands.Base;
using QwenEdit.Commands.Parameters;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Editing;
using QwenEdit.Runs;

namespace QwenEdit.Commands;

/// <summary>Writes the edited images of jobs to files.</summary>
/// <remarks>
/// <para>
/// A job can be received for one hour after its submission, any number of times. As soon as the journal has the address of its image, it can be
/// received for 7 days. Receiving costs nothing.
/// </para>
/// <para>
/// The image is written to a temporary file beside the destination, checked, and then renamed. A file at the destination is therefore always
/// complete. A job that has not ended is an error, JobNotFinished, unless you use <see cref="JobCommand.Wait"/>.
/// </para>
/// </remarks>
/// <example>
/// <para>Wait for jobs and receive them</para>
/// <code>
/// $jobs = Get-ChildItem *.png |
///     Submit-QwenImageEdit -Prompt 'Let it snow' -DestinationPath snow
/// $jobs | Receive-QwenEditResult -Wait
/// </code>
/// </example>
/// <example>
/// <para>A job by its id, into a file</para>
/// <code>
/// Receive-QwenEditResult 0b8e2f4c-5d1a-4c7e-9f36-a1d2c3b4e5f6 -Wait `
///     -DestinationPath poster.png
/// </code>
/// <para>The error for an edit that timed out has the id. The command works on another computer too.</para>
/// </example>
/// <example>
/// <para>All jobs that the journal lists as queued</para>
/// <code>
/// Get-QwenEditJob -Status Queued | Receive-QwenEditResult -Wait
/// </code>
/// <para>Each image is written to the destination that it was submitted with.</para>
/// </example>
/// <example>
/// <para>A second copy in another folder</para>
/// <code>
/// Get-QwenEditJob sale.png | Receive-QwenEditResult -DestinationPath copies
/// </code>
/// </example>
/// <seealso cref="SubmitQwenImageEditCommand"/>
/// <seealso cref="GetQwenEditStatusCommand"/>
/// <seealso cref="ResumeQwenImageEditCommand"/>
/// <seealso cref="GetQwenEditJobCommand"/>
[Cmdlet(VerbsCommunications.Receive, "QwenEditResult", DefaultParameterSetName = JobSet, SupportsShouldProcess = true, HelpUri = HelpLink.Online)]
[OutputType(typeof(EditResult))]
public sealed class ReceiveQwenEditResultCommand : JobCommand
{
    private readonly DestinationResolver.Register _destinations = new();

    /// <summary>Creates the cmdlet.</summary>
    public ReceiveQwenEditResultCommand()
        : base("Receiving edited images")
    {
    }

    /// <summary>
    /// The destination of the edited image: a file, or a folder, which is created if it is missing. Without this parameter, it is the destination
    /// that the job was submitted with. For a request id without one, it is a file in the current folder that has the id as its name.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Destination")]
    [AllowEmptyString]
    public string? DestinationPath { get; set; }

    /// <summary>
    /// Overwrites a file at the destination. Without this parameter, the file is an error, DestinationExists, and the job can still be received.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessJob(EditJob job)
    {
        EditJob? approved = null;
        Try(() => approved = Prepare(job), error => WriteInvalid(job, error));
        if (approved is not null)
        {
            EditSession session = Session;
            bool force = Force;
            bool wait = Wait;
            Start(token => session.Jobs.ReceiveAsync(approved, force, wait, token), ended => Report(job, ended));
        }
    }

    // Returns null if the job is not to be received.
    private EditJob? Prepare(EditJob job)
    {
        EditJob placed = job with { Destination = DestinationOf(job) };
        if (!_destinations.TryClaim(placed.Destination))
        {
            throw new QwenEditException(
                EditError.DestinationCollision, $"Request {job.RequestId} and another job of this call would be written to {placed.Destination}.");
        }

        return ShouldProcess(TerminalText.Escape(job.RequestId), $"Receive into {TerminalText.Escape(placed.Destination)}") ? placed : null;
    }

    private void WriteInvalid(EditJob job, QwenEditException error)
    {
        CountInvalid(error, job.Source, job.RequestId);
        WriteError(error, job.RequestId);
    }

    private string DestinationOf(EditJob job)
    {
        if (string.IsNullOrEmpty(DestinationPath))
        {
            return job.Destination.Length > 0 ? job.Destination : ImagePathResolver.FullPath(this, FileName(job), EditError.DestinationUnwritable);
        }

        string path = ImagePathResolver.FullPath(this, DestinationPath!, EditError.DestinationUnwritable);
        return !DestinationResolver.EndsInSeparator(DestinationPath!) && DestinationResolver.IsFile(path)
            ? path
            : Path.Combine(path, FileName(job));
    }

    // The extension of a bare request id is that of the image, which is not known yet.
    private static string FileName(EditJob job) =>
        job.Destination.Length > 0 ? Path.GetFileName(job.Destination) : string.Concat(job.RequestId.Split(Path.GetInvalidFileNameChars()));

    private void Report(EditJob job, EndedEdit ended)
    {
        Progress.Ended(ended.Error is null, ended.Result?.Cost);
        if (ended.Error is not null)
        {
            WriteError(ended.Error, job.RequestId);
        }

        if (ended.Error?.Error != EditError.JobNotFinished)
        {
            WriteObject(ended.Result);
        }
    }
}
