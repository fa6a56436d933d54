using System.Management.Automation;
using QwenEdit.Collections;
using QwenEdit.Compatibility;

namespace QwenEdit.Commands.Parameters;

/// <summary>Decides where an edited image goes.</summary>
internal static class DestinationResolver
{
    /// <summary>Compares paths as the system does.</summary>
    internal static StringComparer Comparer { get; } = Platform.PathComparison == StringComparison.Ordinal ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>Whether a destination names a file: it ends in the extension of an image, and is no folder.</summary>
    internal static bool IsFile(string fullPath) => FormatOf(fullPath) is not null && !Directory.Exists(fullPath);

    /// <summary>The file that an edited image goes to.</summary>
    /// <param name="cmdlet">For its current location.</param>
    /// <param name="source">The image.</param>
    /// <param name="destinationPath">A folder or a file; <see langword="null"/> or empty for a place beside the image.</param>
    /// <param name="format">The format that is asked for.</param>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.DestinationFormatMismatch"/>, <see cref="EditError.DestinationUnwritable"/>, <see cref="EditError.SourceIsResult"/>,
    /// <see cref="EditError.NotAFile"/>.
    /// </exception>
    internal static string For(PSCmdlet cmdlet, ImagePathResolver.Source source, string? destinationPath, ImageFormat format)
    {
        // Remote images have no folder of their own; theirs is the current one.
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

    /// <summary>The format that a file's extension names, if it is one that the service makes.</summary>
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

    // A second `Get-ChildItem *.png | …` in one folder would meet the first one's results, and pay for editing them.
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

    /// <summary>Remembers the destinations of a call in a few bytes each, however many there are.</summary>
    internal sealed class Register
    {
        private readonly CompactStringSet _taken = new();

        /// <summary>Takes a destination, unless another image of the call has it.</summary>
        internal bool TryClaim(string path) => _taken.Add(Platform.PathComparison == StringComparison.Ordinal ? path : path.ToUpperInvariant());
    }
}
