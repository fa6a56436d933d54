using System.Management.Automation;
using QwenEdit.Collections;

namespace QwenEdit.Commands.Parameters;

/// <summary>Determines the destination of an edited image.</summary>
internal static class DestinationResolver
{
    /// <summary>Compares paths like the file system.</summary>
    internal static StringComparer Comparer { get; } = Platform.PathComparison == StringComparison.Ordinal ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>Whether a destination is a file: it has the extension of an image, and there is no folder of this name.</summary>
    internal static bool IsFile(string fullPath) => FormatOf(fullPath) is not null && !Directory.Exists(fullPath);

    /// <summary>Returns the full path of the file that the edited image is written to.</summary>
    /// <param name="cmdlet">Has the current location.</param>
    /// <param name="source">The image.</param>
    /// <param name="destinationPath">A folder or a file; <see langword="null"/> or empty for the folder of the image.</param>
    /// <param name="format">The format of the edited image.</param>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.DestinationFormatMismatch"/>, <see cref="EditError.DestinationUnwritable"/>, <see cref="EditError.SourceIsResult"/>,
    /// <see cref="EditError.NotAFile"/>.
    /// </exception>
    internal static string For(PSCmdlet cmdlet, ImagePathResolver.Source source, string? destinationPath, ImageFormat format)
    {
        // The folder of a remote image is the current one.
        string folder = (source.Path is null ? null : Path.GetDirectoryName(source.Path)) ?? cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        string extension = Extension(format);
        if (string.IsNullOrEmpty(destinationPath))
        {
            ExpectNoResult(source.Path);
            return Path.Combine(folder, $"{Name(source)}-edited{extension}");
        }

        string destination = ImagePathResolver.FullPath(cmdlet, destinationPath!, EditError.DestinationUnwritable);
        if (!EndsInSeparator(destinationPath!) && IsFile(destination))
        {
            return FormatOf(destination) == format ? destination : throw new QwenEditException(
                EditError.DestinationFormatMismatch,
                $"{destination} names a {FormatOf(destination)} file, but the image will be {format}. Use -ImageFormat {FormatOf(destination)}, or a name that ends in {extension}.")
            {
                NextStep = string.Empty,
            };
        }

        bool isOwnFolder = source.Path is not null && string.Equals(
            destination.TrimEnd(Path.DirectorySeparatorChar), folder.TrimEnd(Path.DirectorySeparatorChar), Platform.PathComparison);
        return Path.Combine(destination, $"{Name(source)}{(isOwnFolder ? "-edited" : string.Empty)}{extension}");
    }

    /// <summary>The format that belongs to the extension of a file; <see langword="null"/> if the service can't make it.</summary>
    internal static ImageFormat? FormatOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".PNG" => ImageFormat.Png,
        ".JPG" or ".JPEG" => ImageFormat.Jpeg,
        ".WEBP" => ImageFormat.Webp,
        _ => null,
    };

    internal static bool EndsInSeparator(string path) =>
        path.Length > 0 && path[path.Length - 1] is ('/' or '\\');

    private static string Extension(ImageFormat format) => "." + format.ToString().ToLowerInvariant();

    private static string Name(ImagePathResolver.Source source)
    {
        if (source.Path is not null)
        {
            return Path.GetFileNameWithoutExtension(source.Path);
        }

        char[] invalid = Path.GetInvalidFileNameChars();
        string name = Path.GetFileNameWithoutExtension(Uri.UnescapeDataString(source.Uri!.Segments[^1]).TrimEnd('/'));
        name = new string([.. name.Select(character => invalid.Contains(character) || character is '/' or '\\' ? '_' : character)]);
        return name.Length > 0 ? name : source.Uri.Host;
    }

    // A second `Get-ChildItem *.png | …` in the same folder would find the results of the first one, and pay for editing them.
    private static void ExpectNoResult(string? path)
    {
        const string Suffix = "-edited";
        if (path is null || !Path.GetFileNameWithoutExtension(path).EndsWith(Suffix, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        string name = Path.GetFileNameWithoutExtension(path);
        string original = name.Substring(0, name.Length - Suffix.Length);
        string? beside = original.Length == 0 ? null : Directory
            .EnumerateFiles(Path.GetDirectoryName(path)!, original.Replace("*", "?") + ".*")
            .FirstOrDefault(file => string.Equals(Path.GetFileNameWithoutExtension(file), original, Platform.PathComparison));
        if (beside is not null)
        {
            throw new QwenEditException(EditError.SourceIsResult, $"{path} looks like the result of an earlier edit of {Path.GetFileName(beside)}, and was not edited again.");
        }
    }

    /// <summary>The destinations of a call. A destination takes a few bytes of memory.</summary>
    internal sealed class Register
    {
        private readonly CompactStringSet _taken = new();

        /// <summary>Claims a destination.</summary>
        /// <returns>Whether no other image of the call has it.</returns>
        internal bool TryClaim(string path) => _taken.Add(Platform.PathComparison == StringComparison.Ordinal ? path : path.ToUpperInvariant());
    }
}
