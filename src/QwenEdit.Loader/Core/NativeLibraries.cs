using System.Runtime.InteropServices;

namespace QwenEdit.Loader;

/// <summary>
/// Where a native library lies in the module: <c>runtimes/&lt;rid&gt;/native</c>, as in its package, or beside the module.
/// </summary>
internal static class NativeLibraries
{
    /// <summary>The paths to try, best first.</summary>
    internal static IEnumerable<string> Candidates(string folder, string name) =>
        from directory in Directories(folder)
        from file in FileNames(name)
        select Path.Combine(directory, file);

    private static string[] Directories(string folder) =>
    [
        Path.Combine(folder, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"),
        Path.Combine(folder, "runtimes", PortableIdentifier(RuntimeInformation.RuntimeIdentifier), "native"),
        folder,
    ];

    // A runtime that a distribution built calls itself "ubuntu.24.04-x64"; packages know "linux-x64" alone.
    private static string PortableIdentifier(string runtime)
    {
        bool musl = runtime.Contains("musl", StringComparison.Ordinal) || runtime.StartsWith("alpine", StringComparison.Ordinal);
        string system = OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : musl ? "linux-musl"
            : "linux";
        return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }

    private static string[] FileNames(string name) =>
        OperatingSystem.IsWindows() ? [$"{name}.dll", name]
        : OperatingSystem.IsMacOS() ? [$"lib{name}.dylib", $"{name}.dylib", name]
        : [$"lib{name}.so", $"{name}.so", name];
}
