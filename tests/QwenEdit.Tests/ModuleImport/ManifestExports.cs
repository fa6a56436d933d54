using System.Collections;
using System.Management.Automation.Language;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.ModuleImport;

/// <summary>What the manifest, the only place of the exports, says.</summary>
public static class ManifestExports
{
    /// <summary>The names of the cmdlets, in alphabetical order.</summary>
    public static IReadOnlyList<string> Cmdlets { get; } = [.. ((object[])Manifest()["CmdletsToExport"]!).Cast<string>().Order(StringComparer.Ordinal)];

    internal static Hashtable Manifest()
    {
        ScriptBlockAst script = Parser.ParseFile(BuiltModule.Manifest, out _, out _);
        return (Hashtable)((HashtableAst)script.Find(node => node is HashtableAst, searchNestedScriptBlocks: false)!).SafeGetValue();
    }
}
