using System.Management.Automation;

namespace QuickStart.Hosting.Cmdlets;

/// <summary>
/// <c>Get-ChildItem</c> over the engine's own providers, so that its objects are the real ones, <c>PSPath</c> included.
/// </summary>
[Cmdlet(VerbsCommon.Get, "ChildItem", DefaultParameterSetName = "Path")]
public sealed class GetChildItemCommand : PSCmdlet
{
    /// <summary>Where to look; wildcards are resolved.</summary>
    [Parameter(Position = 0, ParameterSetName = "Path", ValueFromPipeline = true)]
    public string[] Path { get; set; } = ["."];

    /// <summary>Where to look, taken as it is.</summary>
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    public string[]? LiteralPath { get; set; }

    /// <summary>A pattern of the names to return.</summary>
    [Parameter(Position = 1)]
    public string Filter { get; set; } = "*";

    /// <summary>Whether to look in the folders below as well.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Whether to return files alone.</summary>
    [Parameter]
    public SwitchParameter File { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WildcardPattern filter = WildcardPattern.Get(Filter, WildcardOptions.IgnoreCase);
        bool literal = LiteralPath is not null;
        foreach (PSObject item in InvokeProvider.ChildItem.Get(LiteralPath ?? Path, Recurse, force: false, literal))
        {
            bool isFile = item.BaseObject is FileInfo;
            if (filter.IsMatch(item.Properties["PSChildName"].Value as string) && (isFile || !File))
            {
                WriteObject(item);
            }
        }
    }
}
