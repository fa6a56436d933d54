using System.Reflection;
using System.Runtime.Loader;

namespace QwenEdit.Loader;

/// <summary>
/// Holds the module and every library beside it; all else, PowerShell included, comes from the default context.
/// </summary>
internal sealed class ModuleLoadContext(string folder) : AssemblyLoadContext("QwenEdit")
{
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string path = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
    {
        string? path = NativeLibraries.Candidates(folder, unmanagedDllName).FirstOrDefault(File.Exists);
        return path is null ? IntPtr.Zero : LoadUnmanagedDllFromPath(path);
    }
}
