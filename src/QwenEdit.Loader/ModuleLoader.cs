using System.Reflection;

namespace QwenEdit.Loader;

/// <summary>
/// Loads <c>QwenEdit.dll</c> with the dependencies that lie beside it, without disturbing, or being disturbed by, other
/// versions of them in the process.
/// </summary>
public static class ModuleLoader
{
    private static readonly object Gate = new();
    private static Assembly? _module;

    /// <summary>Loads the module's assembly; a process holds one, which every runspace and every import shares.</summary>
    /// <param name="folder">The folder of <c>QwenEdit.dll</c> and everything it needs.</param>
    /// <returns>The assembly with the cmdlets.</returns>
    /// <exception cref="InvalidOperationException">The process already holds another version.</exception>
    public static Assembly Load(string folder)
    {
        string path = Path.Combine(Path.GetFullPath(folder), "QwenEdit.dll");
        lock (Gate)
        {
            if (_module is null)
            {
                return _module = LoadModule(path);
            }

            Version? loaded = _module.GetName().Version;
            Version? wanted = AssemblyName.GetAssemblyName(path).Version;
            return loaded == wanted
                ? _module
                : throw new InvalidOperationException(
                    $"QwenEdit {loaded} from {_module.Location} is already loaded, and a process can hold only one version. "
                    + $"Start a new PowerShell session to use {wanted} from {path}.");
        }
    }

    private static Assembly LoadModule(string path)
    {
#if NET
        return new ModuleLoadContext(Path.GetDirectoryName(path)!).LoadFromAssemblyPath(path);
#else
        AppDomain.CurrentDomain.AssemblyResolve += new ShippedAssemblies(Path.GetDirectoryName(path)).Resolve;
        NativeLibraries.Preload(Path.GetDirectoryName(path));
        return Assembly.LoadFrom(path);
#endif
    }
}
