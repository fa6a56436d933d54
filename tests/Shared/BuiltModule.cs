namespace QwenEdit.Tests.Support;

/// <summary>The module as the build leaves it in <c>out/QwenEdit</c>.</summary>
internal static class BuiltModule
{
    /// <summary>The folder of the module.</summary>
    internal static string Folder { get; } = BuildMetadata.Get("ModuleFolder");

    /// <summary>The manifest, which <c>Import-Module</c> takes.</summary>
    internal static string Manifest { get; } = Path.Combine(Folder, "QwenEdit.psd1");

    /// <summary>The root of the repository.</summary>
    internal static string Repository { get; } = Path.GetFullPath(Path.Combine(Folder, "..", ".."));
}
