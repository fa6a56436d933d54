using System.Reflection;

namespace QwenEdit.Loader;

/// <summary>
/// Answers for what .NET Framework does not find by itself: it has no binding redirects for a module, so a request for
/// exactly the version that a dependency was compiled against fails where a later one is shipped.
/// </summary>
/// <param name="folder">The folder of the module and its dependencies.</param>
internal sealed class ShippedAssemblies(string folder)
{
    /// <summary>Loads the shipped assembly if the request is the module's own and it serves; else leaves it to others.</summary>
    internal Assembly? Resolve(object? sender, ResolveEventArgs request)
    {
        string? path = Find(new AssemblyName(request.Name), LocationOf(request.RequestingAssembly));
        return path is null ? null : Assembly.LoadFrom(path);
    }

    /// <summary>The path of the assembly to answer with, or null where the request is not ours to answer.</summary>
    /// <param name="requested">What is asked for.</param>
    /// <param name="requester">The path of the assembly that asks, or null where it is unknown.</param>
    internal string? Find(AssemblyName requested, string? requester)
    {
        if (requester is null || !string.Equals(Path.GetDirectoryName(requester), folder, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        string path = Path.Combine(folder, requested.Name + ".dll");
        return File.Exists(path) && Serves(AssemblyName.GetAssemblyName(path), requested) ? path : null;
    }

    /// <summary>Whether the shipped assembly may stand in for the requested one.</summary>
    internal static bool Serves(AssemblyName shipped, AssemblyName requested) =>
        string.Equals(shipped.Name, requested.Name, StringComparison.OrdinalIgnoreCase)
        && string.Equals(shipped.CultureName ?? "", requested.CultureName ?? "", StringComparison.OrdinalIgnoreCase)
        && (requested.Version is null || shipped.Version >= requested.Version)
        && Token(shipped).SequenceEqual(Token(requested));

    private static byte[] Token(AssemblyName name) => name.GetPublicKeyToken() ?? [];

    private static string? LocationOf(Assembly? assembly) => assembly is null or { IsDynamic: true } ? null : assembly.Location;
}
