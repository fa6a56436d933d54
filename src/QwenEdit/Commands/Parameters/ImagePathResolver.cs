using System.Collections.ObjectModel;
using System.Management.Automation;
using DriveNotFoundException = System.Management.Automation.DriveNotFoundException;

namespace QwenEdit.Commands.Parameters;

/// <summary>Resolves the images that the user specifies to full paths and URLs.</summary>
internal static class ImagePathResolver
{
    /// <summary>An image: the full path of a file, or the URL of a remote image.</summary>
    internal sealed record Source(string? Path, Uri? Uri)
    {
        /// <inheritdoc/>
        public override string ToString() => Path ?? Uri!.OriginalString;
    }

    /// <summary>Resolves a path, which may have wildcards, be relative, or begin with a PSDrive. An http or https URL is a remote image.</summary>
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

    /// <summary>Resolves a path without wildcards.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.ImageNotFound"/>, <see cref="EditError.NotAFile"/>.</exception>
    internal static Source FromLiteralPath(PSCmdlet cmdlet, string path) => new(FullPath(cmdlet, path, EditError.ImageNotFound), null);

    /// <summary>Parses the URL of a remote image.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.InvalidUri"/>.</exception>
    internal static Source FromUri(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is ("https" or "http")
            ? new Source(null, uri)
            : throw new QwenEditException(EditError.InvalidUri, $"'{address}' is not the address of an image.");

    /// <summary>Returns the full path in the file system. The file need not exist.</summary>
    /// <param name="cmdlet">Has the current location and the drives.</param>
    /// <param name="path">The path.</param>
    /// <param name="ofMissingDrive">The error for a path on a drive that does not exist. It depends on the purpose of the path.</param>
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

    // PowerShell searches all mounts of the system for each path, which takes most of the time for a folder with thousands of files. On a system
    // without drive letters, a path from the root is unambiguous.
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
