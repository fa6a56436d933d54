using System.Management.Automation;
using QwenEdit.Engine;

namespace QwenEdit.Commands;

/// <summary>Writes the edited images of jobs to files.</summary>
[Cmdlet(VerbsCommunications.Receive, "QwenEditResult", DefaultParameterSetName = JobSet, SupportsShouldProcess = true)]
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
    /// A folder, which is made if need be, or a file; without it the job's own destination, or for a bare request id a file of that name in
    /// the current folder.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Destination")]
    [AllowEmptyString]
    public string? DestinationPath { get; set; }

    /// <summary>Overwrites a file at the destination.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The name, without $, of a variable of the caller that the call's EditRun is put in, however the call ends.</summary>
    [Parameter]
    [ValidatePattern("^[^+$]")]
    public string? RunVariable { get; set; }

    /// <inheritdoc/>
    private protected override string? RunVariableName => RunVariable;

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
            Run!.InvalidInput();
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
