using System.Management.Automation;
using QwenEdit.Journal;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Help;

/// <summary>What <c>Get-Help -Full</c> says of a cmdlet, as plain texts.</summary>
internal sealed class HelpPage
{
    private readonly PowerShellHost _host;

    private HelpPage(PowerShellHost host, string cmdlet)
    {
        _host = host;
        host.Set("cmdlet", cmdlet).Run("$help = Get-Help $cmdlet -Full -ErrorAction Stop").WithoutErrors();
    }

    internal string Synopsis => string.Concat(Texts("$help.Synopsis"));

    internal string Description => string.Join('\n', Texts("$help.description | ForEach-Object Text"));

    /// <summary>The texts of the parameters, by name.</summary>
    internal IReadOnlyDictionary<string, string> Parameters => Pairs(
        "$help.parameters.parameter | ForEach-Object { $_.name; ($_.description | ForEach-Object Text) -join [Environment]::NewLine }");

    internal IReadOnlyList<string> Inputs => Texts("$help.inputTypes.inputType | ForEach-Object { $_.type.name }");

    internal IReadOnlyList<string> Outputs => Texts("$help.returnValues.returnValue | ForEach-Object { $_.type.name }");

    /// <summary>The scripts of the examples, by title.</summary>
    internal IReadOnlyDictionary<string, string> Examples => Pairs("$help.examples.example | ForEach-Object { $_.title; $_.code }");

    internal IReadOnlyList<string> Links => Texts("$help.relatedLinks.navigationLink | ForEach-Object linkText");

    /// <summary>What <c>Get-Help -Online</c> opens: the first address.</summary>
    internal string? Online => Texts("$help.relatedLinks.navigationLink | ForEach-Object uri").FirstOrDefault(address => address.Length > 0);

    /// <summary>All that somebody wrote.</summary>
    internal string Text => string.Join(
        '\n', [Synopsis, Description, .. Parameters.Values, .. Examples.Values, .. Texts("$help.examples.example | ForEach-Object { $_.remarks.Text }")]);

    internal static HelpPage Of(PowerShellHost host, string cmdlet) => new(host, cmdlet);

    private IReadOnlyList<string> Texts(string script) =>
        [.. _host.Run(script).WithoutErrors().Output.OfType<PSObject>().Select(text => text.ToString().Trim())];

    private Dictionary<string, string> Pairs(string script) =>
        Texts(script).Chunk(2).ToDictionary(pair => pair[0].Trim('-', ' '), pair => pair[1]);
}
