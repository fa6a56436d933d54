using System.Management.Automation;
using QwenEdit.Engine;

namespace QwenEdit.Commands;

/// <summary>Receives every unfinished edit of the journal. It submits nothing.</summary>
[Cmdlet(VerbsLifecycle.Resume, "QwenImageEdit", SupportsShouldProcess = true)]
[OutputType(typeof(EditResult))]
public sealed class ResumeQwenImageEditCommand : ConnectedCommand
{
    /// <summary>Makes the cmdlet.</summary>
    public ResumeQwenImageEditCommand()
        : base("Receiving unfinished edits")
    {
    }

    /// <summary>Overwrites a file at an edit's destination that is not its result.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The name, without $, of a variable of the caller that the call's EditRun is put in, however the call ends.</summary>
    [Parameter]
    [ValidatePattern("^[^+$]")]
    public string? RunVariable { get; set; }

    /// <inheritdoc/>
    private protected override string? RunVariableName => RunVariable;

    /// <inheritdoc/>
    private protected override void ProcessInput()
    {
        EditSession session = Session;
        IReadOnlyList<EditJob> jobs = session.Unfinished();
        Progress.Expected = jobs.Count;
        foreach (EditJob job in jobs)
        {
            if (ShouldProcess(job.Source, $"Receive into {job.Destination}"))
            {
                bool force = Force;
                Start(token => session.ResumeAsync(job, force, token), ended => Report(job, ended));
            }
        }
    }

    private void Report(EditJob job, EndedEdit ended)
    {
        Progress.Ended(ended.Error is null, ended.Result?.Cost);
        if (ended.Error is not null)
        {
            WriteError(ErrorRecords.From(ended.Error, job.Source, job.RequestId));
        }

        WriteObject(ended.Result);
    }
}
