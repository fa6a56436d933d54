using System.Management.Automation;

namespace QwenEdit.Commands;

/// <summary>Lists the edits of the journal, oldest first.</summary>
[Cmdlet(VerbsCommon.Get, "QwenEditJob")]
[OutputType(typeof(EditJob))]
public sealed class GetQwenEditJobCommand : JournalCommand
{
    /// <summary>Edits whose image has this path or address; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Edits in these states.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public EditState[]? Status { get; set; }

    /// <summary>Edits that were first asked for at or after this time.</summary>
    [Parameter]
    public DateTime? Since { get; set; }

    /// <summary>Edits that this run was the last to work on.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, long.MaxValue)]
    public long? RunId { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WildcardOptions options = Poly.PathComparison == StringComparison.Ordinal ? WildcardOptions.None : WildcardOptions.IgnoreCase;
        WildcardPattern[] patterns = [.. Path.Select(path => WildcardPattern.Get(Pattern(path), options))];
        try
        {
            foreach (EditJob job in Book.Select(Status, Since, RunId))
            {
                if (patterns.Length == 0 || patterns.Any(pattern => pattern.IsMatch(job.Source)))
                {
                    WriteObject(job);
                }
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
