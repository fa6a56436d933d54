using System.Management.Automation;

namespace QuickStart.Hosting.Cmdlets;

/// <summary><c>Write-Host</c>: text for whoever watches, kept out of the output.</summary>
[Cmdlet(VerbsCommunications.Write, "Host")]
public sealed class WriteHostCommand : PSCmdlet
{
    /// <summary>What to write.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromRemainingArguments = true)]
    [Alias("Object")]
    public PSObject? Message { get; set; }

    /// <summary>The colour of the text.</summary>
    [Parameter]
    public ConsoleColor? ForegroundColor { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteInformation(
        new HostInformationMessage { Message = LanguagePrimitives.ConvertTo<string>(Message), ForegroundColor = ForegroundColor },
        ["PSHOST"]);
}
