using System.Management.Automation;
using QwenEdit.Commands.Completion;
using QwenEdit.Commands.Parameters;

namespace QwenEdit.Commands.Base;

/// <summary>A cmdlet for jobs, and the parameters that specify them.</summary>
public abstract class JobCommand : RunCommand
{
    /// <summary>The default set. PowerShell tries it first; with the other set, only the request id of a job would be bound.</summary>
    private protected const string JobSet = "Job";

    private const string RequestIdSet = "RequestId";

    private protected JobCommand(string activity, bool isRun = true)
        : base(activity, isRun)
    {
    }

    /// <summary>The request ids of jobs. For one hour after the submission, the id is all that is needed, on another computer too.</summary>
    [Parameter(ParameterSetName = RequestIdSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [RequestId]
    [ArgumentCompleter(typeof(RequestIdCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] RequestId { get; set; } = [];

    /// <summary>Jobs that Submit-QwenImageEdit or Get-QwenEditJob returned.</summary>
    [Parameter(ParameterSetName = JobSet, Mandatory = true, ValueFromPipeline = true)]
    [JobArgument]
    [ValidateNotNullOrEmpty]
    public EditJob[] Job { get; set; } = [];

    /// <summary>
    /// Waits until each job has ended, for up to <see cref="RunCommand.TimeoutSec"/>. Without this parameter, the status of each job is requested
    /// once.
    /// </summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>Processes one job.</summary>
    private protected abstract void ProcessJob(EditJob job);

    /// <inheritdoc/>
    private protected sealed override void ProcessInput()
    {
        foreach (EditJob job in ParameterSetName == JobSet ? Job : RequestId.Select(id => new EditJob { RequestId = id.Trim() }))
        {
            ProcessJob(job);
        }
    }
}
