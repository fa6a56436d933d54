using System.Collections.ObjectModel;
using System.Management.Automation;
using DriveNotFoundException = System.Management.Automation.DriveNotFoundException;

namespace QwenEdit.Commands.Parameters;

/// <summary>Turns what a user gives as an image into full paths and addresses.</summary>
internal static class ImagePathResolver
{
    /// <summary>An image: a file by its full path, or a remote one by its address.</summary>
    internal sealed record Source(string? Path, Uri? Uri)
    {
        /// <inheritdoc/>
        public override string ToString() => Path ?? Uri!.OriginalString;
    }

    /// <summary>Resolves a path with wildcards, relative or in a PSDrive; an http or https address is a remote image.</summary>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.ImageNotFound"/> (also if a wildcard matches nothing), <see cref="EditError.NotAFile"/>.
    /// </exception>
    internal static IEnumerable<Source> FromPath(PSCmdlet cmdlet, string path)
    {
        if (path.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || path.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            return [FromUri(path)];
        }

        if (AsItStands(path) is { } full && !HasWildcards(path) && File.Exists(full))
        {
            return [new Source(full, null)];
        }

        Collection<string> paths;
        ProviderInfo provider;
        try
        {
            paths = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out provider);
        }
        catch (Exception exception) when (exception is ItemNotFoundException or DriveNotFoundException or ProviderNotFoundException)
        {
            throw new QwenEditException(EditError.ImageNotFound, $"There is no file {path}.", exception);
        }

        ExpectFileSystem(provider, path);
        return paths.Count > 0
            ? paths.Select(found => new Source(found, null))
            : throw new QwenEditException(EditError.ImageNotFound, $"No file matches {path}.");
    }

    /// <summary>Resolves a path that is taken as it stands, brackets and all.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.ImageNotFound"/>, <see cref="EditError.NotAFile"/>.</exception>
    internal static Source FromLiteralPath(PSCmdlet cmdlet, string path) => new(FullPath(cmdlet, path, EditError.ImageNotFound), null);

    /// <summary>Reads the address of a remote image.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.InvalidUri"/>.</exception>
    internal static Source FromUri(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is ("https" or "http")
            ? new Source(null, uri)
            : throw new QwenEditException(EditError.InvalidUri, $"'{address}' is not the address of an image.");

    /// <summary>The full path in the file system of a path that need not exist.</summary>
    /// <param name="cmdlet">For its current location and its drives.</param>
    /// <param name="path">The path.</param>
    /// <param name="ofMissingDrive">The error of a path on a drive that does not exist: it tells what the path is for.</param>
    /// <exception cref="QwenEditException"><paramref name="ofMissingDrive"/>; <see cref="EditError.NotAFile"/>.</exception>
    internal static string FullPath(PSCmdlet cmdlet, string path, EditError ofMissingDrive)
    {
        if (AsItStands(path) is { } plain)
        {
            return plain;
        }

        try
        {
            string full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            ExpectFileSystem(provider, path);
            return full;
        }
        catch (Exception exception) when (exception is DriveNotFoundException or ProviderNotFoundException)
        {
            throw new QwenEditException(ofMissingDrive, $"{path} is on a drive that does not exist.", exception);
        }
    }

    // PowerShell looks through all mounts of the system for each path, which is most of what a folder of thousands takes. But one from the root
    // can mean one file only, where there are no drives.
    private static string? AsItStands(string path) =>
        Path.DirectorySeparatorChar == '/' && path.Length > 0 && path[0] == '/' && path.IndexOf('\\') < 0 ? Path.GetFullPath(path) : null;

    private static bool HasWildcards(string path) => WildcardPattern.ContainsWildcardCharacters(path) || path.IndexOf('`') >= 0;

    private static void ExpectFileSystem(ProviderInfo provider, string path)
    {
        if (provider.Name != "FileSystem")
        {
            throw new QwenEditException(EditError.NotAFile, $"{path} is not in the file system but in {provider.Name}.");
        }
    }
}
