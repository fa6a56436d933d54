using System.Management.Automation;
using QwenEdit.Engine;

namespace QwenEdit.Commands;

/// <summary>Writes the edited images of jobs to files.</summary>
/// <remarks>
/// <para>
/// A job can be received for one hour after its submission, as often as one likes; its image, once the journal knows where it lies, for 7 days.
/// Receiving costs nothing.
/// </para>
/// <para>
/// The file is written beside its destination, checked, and only then given its name: what is there is whole. A job that is not done yet is an
/// error, JobNotFinished, unless -Wait is given.
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
/// <para>An error about an edit that timed out names the id. It works from another machine, too.</para>
/// </example>
/// <example>
/// <para>What the journal has at the service</para>
/// <code>
/// Get-QwenEditJob -Status Queued | Receive-QwenEditResult -Wait
/// </code>
/// <para>Each image goes to the destination that it was submitted with.</para>
/// </example>
/// <example>
/// <para>Another copy into another folder</para>
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
    private readonly Destination.Register _destinations = new();

    /// <summary>Makes the cmdlet.</summary>
    public ReceiveQwenEditResultCommand()
        : base("Receiving edited images")
    {
    }

    /// <summary>
    /// Where the edited image goes: a folder, which is made if need be, or a file. Without it, it goes to the job's own destination, or for a bare
    /// request id into the current folder, as a file of that name.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Destination")]
    [AllowEmptyString]
    public string? DestinationPath { get; set; }

    /// <summary>Overwrites a file at the destination. Without it, that is an error, DestinationExists, and the job can still be received.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// The name, without $, of a variable that the call's EditRun is put in: counts, cost, times and the ExitCode for a scheduled task.
    /// </summary>
    /// <remarks>
    /// It is set on every way out: done, stopped by an error or by Ctrl+C, or left by Select-Object -First. See about_QwenEdit_Unattended.
    /// </remarks>
    [Parameter]
    [ValidatePattern("^[^+$]")]
    public string? RunVariable { get; set; }

    /// <summary>A folder for logs, which is made if need be: the call writes a file of its own there, of JSON lines.</summary>
    /// <remarks>
    /// Its name is the time of the start (UTC) and the cmdlet's. Each line is an event with its time, level, ids and seconds; the last one has what
    /// the EditRun has. The key is in none. Nothing is deleted there. -WhatIf writes none. See about_QwenEdit_Unattended.
    /// </remarks>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <inheritdoc/>
    private protected override string? RunVariableName => RunVariable;

    /// <inheritdoc/>
    private protected override string? LogFolder => LogPath;

    /// <inheritdoc/>
    private protected override void ProcessJob(EditJob job)
    {
        try
        {
            EditJob placed = job with { Destination = DestinationOf(job) };
            if (!_destinations.TryTake(placed.Destination))
            {
                throw new QwenEditException(
                    EditError.DestinationCollision, $"Request {job.RequestId} would be written to {placed.Destination}, as another of this call.");
            }

            if (ShouldProcess(job.RequestId, $"Receive into {placed.Destination}"))
            {
                EditSession session = Session;
                bool force = Force;
                bool wait = Wait;
                Start(token => session.ReceiveAsync(placed, force, wait, token), ended => Report(job, ended));
            }
        }
        catch (QwenEditException exception)
        {
            Run!.InvalidInput(exception.Error);
            LogError(exception, job.Source, job.RequestId);
            WriteError(ErrorRecords.From(exception, job.RequestId));
        }
    }

    private string DestinationOf(EditJob job)
    {
        if (string.IsNullOrEmpty(DestinationPath))
        {
            return job.Destination.Length > 0 ? job.Destination : ImageInput.FullPath(this, FileName(job));
        }

        string path = ImageInput.FullPath(this, DestinationPath!);
        return !Destination.EndsInSeparator(DestinationPath!) && Destination.IsFile(path)
            ? path
            : Path.Combine(path, FileName(job));
    }

    // A bare request id gets its extension from the image that comes.
    private static string FileName(EditJob job) =>
        job.Destination.Length > 0 ? Path.GetFileName(job.Destination) : string.Concat(job.RequestId.Split(Path.GetInvalidFileNameChars()));

    private void Report(EditJob job, EndedEdit ended)
    {
        Progress.Ended(ended.Error is null, ended.Result?.Cost);
        if (ended.Error is not null)
        {
            WriteError(ErrorRecords.From(ended.Error, job.RequestId));
        }

        if (ended.Error?.Error != EditError.JobNotFinished)
        {
            WriteObject(ended.Result);
        }
    }
}
