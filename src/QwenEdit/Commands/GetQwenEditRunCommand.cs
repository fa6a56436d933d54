using System.Management.Automation;
using QwenEdit.Commands.Base;
using QwenEdit.Commands.Completion;
using QwenEdit.Commands.Pipeline;

namespace QwenEdit.Commands;

/// <summary>Lists the runs of the journal: what each call did, what it cost, and how it ended.</summary>
/// <remarks>
/// <para>
/// Each call of Invoke-QwenImageEdit, Submit-QwenImageEdit, Resume-QwenImageEdit or Receive-QwenEditResult is a run. The journal records its counts,
/// cost, times and exit code. Runs are listed oldest first. The cmdlet uses no network and needs no key.
/// </para>
/// <para>
/// A run whose process was killed is listed as Interrupted, with the exit code 5. The same command, run again, continues where it stopped.
/// </para>
/// </remarks>
/// <example>
/// <para>The last ten runs</para>
/// <code>
/// Get-QwenEditRun -Last 10
/// </code>
/// </example>
/// <example>
/// <para>All properties of a run</para>
/// <code>
/// Get-QwenEditRun 1 | Format-List
/// </code>
/// </example>
/// <example>
/// <para>Runs that had problems</para>
/// <code>
/// Get-QwenEditRun | Where-Object ExitCode -ne 0
/// </code>
/// <para>about_QwenEdit_Unattended lists the exit codes.</para>
/// </example>
/// <example>
/// <para>The cost of all runs</para>
/// <code>
/// Get-QwenEditRun | Measure-Object Cost -Sum
/// </code>
/// <para>Each job counts in one run only, so the sum is the amount that was paid.</para>
/// </example>
/// <seealso cref="GetQwenEditJobCommand"/>
/// <seealso cref="InvokeQwenImageEditCommand"/>
/// <seealso cref="ResumeQwenImageEditCommand"/>
[Cmdlet(VerbsCommon.Get, "QwenEditRun", DefaultParameterSetName = LastSet, HelpUri = HelpLink.Online)]
[OutputType(typeof(EditRun))]
public sealed class GetQwenEditRunCommand : JournalCommand
{
    private const string LastSet = "Last";

    /// <summary>Returns only the newest N runs. Without this parameter, all runs are returned.</summary>
    [Parameter(ParameterSetName = LastSet)]
    [ValidateRange(1, int.MaxValue)]
    public int Last { get; set; } = int.MaxValue;

    /// <summary>The numbers of the runs in the journal. Jobs from Get-QwenEditJob bind to this parameter.</summary>
    [Parameter(ParameterSetName = "RunId", Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    public long[] RunId { get; set; } = [];

    /// <inheritdoc/>
    private protected override void ProcessInput()
    {
        if (ParameterSetName == LastSet)
        {
            Try(() => WriteObject(Journal.LastRuns(Last), enumerateCollection: true), error => WriteError(error, JournalPath));
            return;
        }

        foreach (long id in RunId)
        {
            Try(() => WriteObject(Journal.Run(id)), error => WriteError(error, id));
        }
    }
}
