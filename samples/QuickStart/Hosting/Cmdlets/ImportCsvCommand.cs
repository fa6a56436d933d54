using System.Management.Automation;
using Microsoft.VisualBasic.FileIO;

namespace QuickStart.Hosting.Cmdlets;

/// <summary><c>Import-Csv</c> of files with a header, with quoted fields and line breaks in them.</summary>
[Cmdlet(VerbsData.Import, "Csv")]
public sealed class ImportCsvCommand : PSCmdlet
{
    /// <summary>The file.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    public string Path { get; set; } = "";

    /// <summary>What stands between two fields.</summary>
    [Parameter(Position = 1)]
    public char Delimiter { get; set; } = ',';

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        using TextFieldParser parser = new(GetUnresolvedProviderPathFromPSPath(Path)) { TrimWhiteSpace = false };
        parser.SetDelimiters(Delimiter.ToString());
        string[] header = parser.ReadFields() ?? [];
        while (parser.ReadFields() is { } fields)
        {
            PSObject row = new();
            foreach ((string name, int column) in header.Select((name, column) => (name, column)))
            {
                row.Properties.Add(new PSNoteProperty(name, column < fields.Length ? fields[column] : null));
            }

            WriteObject(row);
        }
    }
}
