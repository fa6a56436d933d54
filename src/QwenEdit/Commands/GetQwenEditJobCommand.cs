using System.Management.Automation;
using QwenEdit.Commands.Base;
using QwenEdit.Commands.Completion;
using QwenEdit.Commands.Parameters;
using QwenEdit.Commands.Pipeline;

namespace QwenEdit.Commands;

/// <summary>Lists the edits of the journal, oldest first.</summary>
/// <remarks>
/// <para>
/// The journal has every edit that was ever started: its image, destination, request id, state and cost. The cmdlet uses no network and needs no key.
/// </para>
/// <para>Without parameters, it lists all edits. With several filters, it lists the edits that match all of them.</para>
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
/// <para>A relative path is relative to the current folder.</para>
/// </example>
/// <example>
/// <para>Edits that need a decision</para>
/// <code>
/// Get-QwenEditJob -Status Unknown, Expired
/// </code>
/// <para>about_QwenEdit_Journal describes how to settle them.</para>
/// </example>
/// <example>
/// <para>The cost of the edits since midnight</para>
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
    /// <summary>The paths or URLs of the images whose edits are listed. Wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The states of the edits to list. Without this parameter, edits in all states are listed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public EditState[]? Status { get; set; }

    /// <summary>Lists edits that were first asked for at or after this time, such as <c>(Get-Date).AddDays(-1)</c> or '2026-09-30 18:00'.</summary>
    [Parameter]
    public DateTime? Since { get; set; }

    /// <summary>
    /// The number of a run. Lists the edits that this run was the last one to work on. Runs from Get-QwenEditRun bind to this parameter.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, long.MaxValue)]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    public long? RunId { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessInput()
    {
        WildcardOptions options = Platform.PathComparison == StringComparison.Ordinal ? WildcardOptions.None : WildcardOptions.IgnoreCase;
        List<WildcardPattern> patterns = [];
        foreach (string path in Path)
        {
            Try(() => patterns.Add(WildcardPattern.Get(Pattern(path), options)), error => WriteError(error, path));
        }

        if (patterns.Count == 0 && Path.Length > 0)
        {
            return;
        }

        foreach (EditJob job in Journal.Select(Status, Since, RunId, patterns.Count == 0 ? null : source => patterns.Any(pattern => pattern.IsMatch(source))))
        {
            WriteObject(job);
        }
    }

    // A relative path is relative to the current location. A URL stays as it is.
    private string Pattern(string path) => path.IndexOf("://", StringComparison.Ordinal) >= 0 ? path : ImagePathResolver.FullPath(this, path, EditError.ImageNotFound);
}
