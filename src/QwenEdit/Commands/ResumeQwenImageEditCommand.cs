using System.Management.Automation;
using QwenEdit.Commands.Base;
using QwenEdit.Commands.Parameters;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Editing;
using QwenEdit.Runs;

namespace QwenEdit.Commands;

/// <summary>Receives every unfinished edit of the journal. It submits nothing.</summary>
/// <remarks>
/// <para>
/// Use it after a crash, a restart, or a Submit-QwenImageEdit in another session. The cmdlet waits for each edit that was submitted and not received,
/// and writes it to its destination. This costs nothing. Run it soon: the service deletes the record of a job one hour after its submission.
/// </para>
/// <para>
/// Edits that are Unknown or Expired are looked up in the account's request history. Each one that the history can't settle is an error that
/// describes the next step.
/// </para>
/// </remarks>
/// <example>
/// <para>Receive the edits of an interrupted run</para>
/// <code>
/// Resume-QwenImageEdit
/// </code>
/// </example>
/// <example>
/// <para>Resume first, then continue</para>
/// <code>
/// Resume-QwenImageEdit
/// Get-ChildItem *.png |
///     Invoke-QwenImageEdit -Prompt 'Let it snow' -DestinationPath snow
/// </code>
/// <para>The second command alone receives only the edits that it submitted itself. The first command also receives those of other commands.</para>
/// </example>
/// <example>
/// <para>Show what would be received</para>
/// <code>
/// Resume-QwenImageEdit -WhatIf
/// </code>
/// </example>
/// <example>
/// <para>Images whose destinations are taken by other files</para>
/// <code>
/// Resume-QwenImageEdit -DestinationPath rescued
/// </code>
/// </example>
/// <example>
/// <para>The exit code for a scheduled task</para>
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
public sealed class ResumeQwenImageEditCommand : RunCommand
{
    private readonly DestinationResolver.Register _destinations = new();

    /// <summary>Creates the cmdlet.</summary>
    public ResumeQwenImageEditCommand()
        : base("Receiving unfinished edits")
    {
    }

    /// <summary>
    /// A folder, created if it is missing, for the images that can't be written to their own destination: another file is there, or it is not writable.
    /// </summary>
    /// <remarks>An image keeps its name there. If that is taken, the number of the edit is added. Other images go to their own destination.</remarks>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DestinationPath { get; set; }

    /// <summary>
    /// Overwrites a file at the destination that is not the result of the edit. Without this parameter, the file is an error, DestinationExists.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessInput()
    {
        EditSession session = Session;
        IReadOnlyList<EditJob> jobs = session.Jobs.Unfinished();
        Progress.Expected = jobs.Count;
        foreach (EditJob job in jobs)
        {
            if (ShouldProcess(TerminalText.Escape(job.Source), $"Receive into {TerminalText.Escape(job.Destination)}"))
            {
                bool force = Force;
                string? elsewhere = Elsewhere(job);
                Start(token => session.Jobs.ResumeAsync(job, force, elsewhere, token), ended => Report(job, ended));
            }
        }
    }

    private string? Elsewhere(EditJob job)
    {
        if (DestinationPath is null)
        {
            return null;
        }

        string path = Path.Combine(ImagePathResolver.FullPath(this, DestinationPath, EditError.DestinationUnwritable), Path.GetFileName(job.Destination));
        return _destinations.TryClaim(path) && !File.Exists(path)
            ? path
            : Path.Combine(Path.GetDirectoryName(path)!, $"{Path.GetFileNameWithoutExtension(path)}-{job.EditId}{Path.GetExtension(path)}");
    }

    private void Report(EditJob job, EndedEdit ended)
    {
        Progress.Ended(ended.Error is null, ended.Result?.Cost);
        if (ended.Error is not null)
        {
            WriteError(ended.Error, job.Source, job.RequestId);
        }

        WriteObject(ended.Result);
    }
}
