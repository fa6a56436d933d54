using System.Management.Automation;

namespace QwenEdit.Commands;

/// <summary>Lists the runs of the journal: what each call did, what it cost, and how it ended.</summary>
/// <remarks>
/// <para>
/// Each call of Invoke-QwenImageEdit, Submit-QwenImageEdit, Resume-QwenImageEdit or Receive-QwenEditResult is a run, with its counts, cost,
/// times and exit code. Runs are listed oldest first, and read without the network and without a key.
/// </para>
/// <para>A run whose process was killed is listed as Interrupted, with the exit code 5: the same command, run again, goes on where it was.</para>
/// </remarks>
/// <example>
/// <para>The last ten runs</para>
/// <code>
/// Get-QwenEditRun -Last 10
/// </code>
/// </example>
/// <example>
/// <para>All that is known about a run</para>
/// <code>
/// Get-QwenEditRun 1 | Format-List
/// </code>
/// </example>
/// <example>
/// <para>Runs that did not end well</para>
/// <code>
/// Get-QwenEditRun | Where-Object ExitCode -ne 0
/// </code>
/// <para>about_QwenEdit_Unattended says what the exit codes mean.</para>
/// </example>
/// <example>
/// <para>What all runs cost</para>
/// <code>
/// Get-QwenEditRun | Measure-Object Cost -Sum
/// </code>
/// <para>Each job counts in one run only, so that the sum is what was paid.</para>
/// </example>
/// <seealso cref="GetQwenEditJobCommand"/>
/// <seealso cref="InvokeQwenImageEditCommand"/>
/// <seealso cref="ResumeQwenImageEditCommand"/>
[Cmdlet(VerbsCommon.Get, "QwenEditRun", DefaultParameterSetName = LastSet, HelpUri = HelpLink.Online)]
[OutputType(typeof(EditRun))]
public sealed class GetQwenEditRunCommand : JournalCommand
{
    private const string LastSet = "Last";

    /// <summary>So many of the newest runs. Without it, all of them.</summary>
    [Parameter(ParameterSetName = LastSet)]
    [ValidateRange(1, int.MaxValue)]
    public int Last { get; set; } = int.MaxValue;

    /// <summary>The numbers that the journal gave the runs. Jobs from Get-QwenEditJob bind here.</summary>
    [Parameter(ParameterSetName = "RunId", Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    public long[] RunId { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == LastSet)
        {
            Write(null, () => Book.LastRuns(Last));
            return;
        }

        foreach (long id in RunId)
        {
            Write(id, () => [Book.Run(id)]);
        }
    }

    private void Write(long? id, Func<IReadOnlyList<EditRun>> find)
    {
        try
        {
            WriteObject(find(), enumerateCollection: true);
        }
        catch (QwenEditException exception)
        {
            WriteError(ErrorRecords.From(exception, (object?)id ?? JournalPath));
        }
    }
}
