using System.Management.Automation;
using QwenEdit.Engine;

namespace QwenEdit.Commands;

/// <summary>Receives every unfinished edit of the journal. It submits nothing.</summary>
/// <remarks>
/// <para>
/// After a crash, a reboot or a Submit-QwenImageEdit in another session: whatever was submitted and not received is waited for and written to its
/// destination. It costs nothing. Be quick, as the service forgets a job one hour after its submission.
/// </para>
/// <para>
/// What is unknown or expired is looked up in the account's request history; what that can't settle is one error each, which says what to do.
/// </para>
/// </remarks>
/// <example>
/// <para>Receive what an interrupted run has left</para>
/// <code>
/// Resume-QwenImageEdit
/// </code>
/// </example>
/// <example>
/// <para>Resume first, then go on</para>
/// <code>
/// Resume-QwenImageEdit
/// Get-ChildItem *.png |
///     Invoke-QwenImageEdit -Prompt 'Let it snow' -DestinationPath snow
/// </code>
/// <para>The second command alone would receive what it had submitted itself; the first one receives the edits of other commands, too.</para>
/// </example>
/// <example>
/// <para>What would be received</para>
/// <code>
/// Resume-QwenImageEdit -WhatIf
/// </code>
/// </example>
/// <example>
/// <para>Images whose places are taken by other files</para>
/// <code>
/// Resume-QwenImageEdit -DestinationPath rescued
/// </code>
/// </example>
/// <example>
/// <para>With the exit code for a scheduled task</para>
/// <code>
/// Resume-QwenImageEdit -TimeoutSec 120 -RunVariable run
/// exit $run.ExitCode
/// </code>
/// </example>
/// <seealso cref="GetQwenEditJobCommand"/>
/// <seealso cref="ReceiveQwenEditResultCommand"/>
/// <seealso cref="InvokeQwenImageEditCommand"/>
[Cmdlet(VerbsLifecycle.Resume, "QwenImageEdit", SupportsShouldProcess = true, HelpUri = HelpLink.Online)]
[OutputType(typeof(EditResult))]
public sealed class ResumeQwenImageEditCommand : SessionCommand
{
    private readonly Destination.Register _destinations = new();

    /// <summary>Makes the cmdlet.</summary>
    public ResumeQwenImageEditCommand()
        : base("Receiving unfinished edits")
    {
    }

    /// <summary>
    /// A folder, created if it is missing, for the images that can't go where they were to go: something else is there, or it can't be written.
    /// </summary>
    /// <remarks>An image keeps its name there; where that is taken, the edit's number is added to it. What can go to its own destination does.</remarks>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DestinationPath { get; set; }

    /// <summary>Overwrites a file at an edit's destination that is not its result. Without it, that is an error, DestinationExists.</summary>
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
                string? elsewhere = Elsewhere(job);
                Start(token => session.ResumeAsync(job, force, elsewhere, token), ended => Report(job, ended));
            }
        }
    }

    private string? Elsewhere(EditJob job)
    {
        if (DestinationPath is null)
        {
            return null;
        }

        string path = Path.Combine(ImageInput.FullPath(this, DestinationPath), Path.GetFileName(job.Destination));
        return _destinations.TryTake(path) && !File.Exists(path)
            ? path
            : Path.Combine(Path.GetDirectoryName(path)!, $"{Path.GetFileNameWithoutExtension(path)}-{job.EditId}{Path.GetExtension(path)}");
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
