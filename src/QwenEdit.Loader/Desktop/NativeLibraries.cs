using System.ComponentModel;
using System.Runtime.InteropServices;

namespace QwenEdit.Loader;

/// <summary>
/// Loads the module's native libraries by their full paths, as .NET Framework looks for none under <c>runtimes</c>; a later call into a
/// library of that name finds the one that is loaded.
/// </summary>
internal static class NativeLibraries
{
    /// <summary>Loads every native library of this process' architecture.</summary>
    /// <param name="folder">The folder of the module.</param>
    /// <exception cref="Win32Exception">A library can't be loaded; the message names it.</exception>
    internal static void Preload(string folder)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            return;
        }

        foreach (string library in Libraries(folder, RuntimeInformation.ProcessArchitecture))
        {
            if (LoadLibrary(library) == IntPtr.Zero)
            {
                int error = Marshal.GetLastWin32Error();
                throw new Win32Exception(error, $"{library} can't be loaded: {new Win32Exception(error).Message}");
            }
        }
    }

    /// <summary>The native libraries of an architecture: <c>runtimes/win-x64/native/*.dll</c>.</summary>
    internal static string[] Libraries(string folder, Architecture architecture)
    {
#pragma warning disable CA1308 // Runtime identifiers are lower case.
        string native = Path.Combine(folder, "runtimes", $"win-{architecture.ToString().ToLowerInvariant()}", "native");
#pragma warning restore CA1308
        return Directory.Exists(native) ? Directory.GetFiles(native, "*.dll") : [];
    }

    [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern IntPtr LoadLibrary(string path);
}
