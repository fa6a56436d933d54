using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;

namespace QwenEdit.Loader;

/// <summary>
/// Writes the assembly with the cmdlets, for <c>QwenEdit.psm1</c> to import. It is a cmdlet because PowerShell calls one at a fraction of what
/// a script's first call of a .NET method takes it.
/// </summary>
[Cmdlet(VerbsCommon.Get, "ModuleAssembly")]
[OutputType(typeof(Assembly))]
public sealed class GetModuleAssemblyCommand : PSCmdlet
{
    /// <summary>The folder of <c>QwenEdit.dll</c> and everything it needs.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string Folder { get; set; } = "";

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Assembly assembly = ModuleLoader.Load(Folder);
        if (SessionState.Module is { } module)
        {
            module.OnRemove = InvokeCommand.NewScriptBlock(RemovalOf(assembly));
        }

        WriteObject(assembly);
    }

    // Importing an assembly makes a module of its own. Left behind, it would keep the next import from exporting anything:
    // https://github.com/PowerShell/PowerShell/issues/20710
    private static string RemovalOf(Assembly assembly)
    {
        const string Core = "Microsoft.PowerShell.Core";
        string path = CodeGeneration.EscapeSingleQuotedStringContent(assembly.Location);
        return $@"{Core}\Get-Module -All | {Core}\Where-Object Path -EQ '{path}' | {Core}\Remove-Module";
    }
}
