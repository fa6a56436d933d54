using System.Management.Automation;

namespace QwenEdit.Commands;

/// <summary>Lists the edits of the journal, oldest first.</summary>
/// <remarks>
/// <para>
/// The journal has every edit that was ever begun: its image, its destination, its request id, how far it had come and what it cost. It is read
/// without the network and without a key.
/// </para>
/// <para>Without parameters, all edits are listed. Several filters must all hold.</para>
/// </remarks>
/// <example>
/// <para>All edits</para>
/// <code>
/// Get-QwenEditJob
/// </code>
/// </example>
/// <example>
/// <para>The edits of some images</para>
/// <code>
/// Get-QwenEditJob *.jpg
/// </code>
/// <para>A relative path means the current folder, as everywhere.</para>
/// </example>
/// <example>
/// <para>What a person has to look into</para>
/// <code>
/// Get-QwenEditJob -Status Unknown, Expired
/// </code>
/// <para>about_QwenEdit_Journal says how to settle these.</para>
/// </example>
/// <example>
/// <para>What the edits since midnight cost</para>
/// <code>
/// Get-QwenEditJob -Since (Get-Date).Date | Measure-Object Cost -Sum
/// </code>
/// </example>
/// <example>
/// <para>The edits of the last run</para>
/// <code>
/// Get-QwenEditRun -Last 1 | Get-QwenEditJob
/// </code>
/// </example>
/// <seealso cref="GetQwenEditRunCommand"/>
/// <seealso cref="ReceiveQwenEditResultCommand"/>
/// <seealso cref="RemoveQwenEditJobCommand"/>
[Cmdlet(VerbsCommon.Get, "QwenEditJob", HelpUri = HelpLink.Online)]
[OutputType(typeof(EditJob))]
public sealed class GetQwenEditJobCommand : JournalCommand
{
    /// <summary>Edits whose image has this path or URL. Wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Edits in these states, as the journal has them. Without it, edits in all states.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public EditState[]? Status { get; set; }

    /// <summary>Edits that were first asked for at or after this time, such as (Get-Date).AddDays(-1), or '2026-09-30 18:00'.</summary>
    [Parameter]
    public DateTime? Since { get; set; }

    /// <summary>Edits that this run was the last to work on. Runs from Get-QwenEditRun bind here.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, long.MaxValue)]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    public long? RunId { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WildcardOptions options = Poly.PathComparison == StringComparison.Ordinal ? WildcardOptions.None : WildcardOptions.IgnoreCase;
        List<WildcardPattern> patterns = [];
        foreach (string path in Path)
        {
            try
            {
                patterns.Add(WildcardPattern.Get(Pattern(path), options));
            }
            catch (QwenEditException exception)
            {
                WriteError(ErrorRecords.From(exception, path));
            }
        }

        if (patterns.Count == 0 && Path.Length > 0)
        {
            return;
        }

        try
        {
            foreach (EditJob job in Book.Select(Status, Since, RunId, patterns.Count == 0 ? null : source => patterns.Any(pattern => pattern.IsMatch(source))))
            {
                WriteObject(job);
            }
        }
        catch (QwenEditException exception)
        {
            ThrowTerminatingError(ErrorRecords.From(exception, JournalPath));
        }
    }

    // A relative path means the current location, as everywhere; an address stands for itself.
    private string Pattern(string path) => path.IndexOf("://", StringComparison.Ordinal) >= 0 ? path : ImageInput.FullPath(this, path);
}
