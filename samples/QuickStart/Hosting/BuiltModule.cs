using System.Reflection;

namespace QuickStart.Hosting;

/// <summary>The module as the build leaves it in <c>out/QwenEdit</c>.</summary>
public static class BuiltModule
{
    /// <summary>The folder of the module, as the project file of this assembly names it.</summary>
    public static string Folder { get; } = typeof(BuiltModule).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ModuleFolder").Value!;

    /// <summary>The manifest: what <c>Import-Module</c> takes.</summary>
    public static string Manifest { get; } = Path.Combine(Folder, "QwenEdit.psd1");
}
