using QwenEdit.Imaging;

namespace QwenEdit.Files;

/// <summary>A local image: its path, format, length in bytes, last write time (UTC), and <see cref="FileId"/>. The pixels stay on the disk.</summary>
internal sealed record SourceImage(string Path, ImageKind Kind, long Length, DateTime Time, long Number)
{
    /// <summary>Reads the first bytes of a file to find its format.</summary>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.ImageNotFound"/>, <see cref="EditError.NotAFile"/>, <see cref="EditError.ImageUnreadable"/> or
    /// <see cref="EditError.NotAnImage"/>.
    /// </exception>
    internal static SourceImage Inspect(string path)
    {
        if (Directory.Exists(path))
        {
            throw new QwenEditException(EditError.NotAFile, $"{path} is a folder, not an image. Use {System.IO.Path.Combine(path, "*.png")} for the images in it.")
            {
                NextStep = string.Empty,
            };
        }

        try
        {
            using FileStream stream = RegularFile.OpenRead(path);
            byte[] start = new byte[ImageSignature.Length];
            int count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            if (count == 0)
            {
                throw new QwenEditException(EditError.NotAnImage, $"{path} is empty.");
            }

            ImageKind kind = ImageSignature.Tell(start.AsSpan(0, count)) ?? throw new QwenEditException(
                EditError.NotAnImage,
                $"{path} is not an image of a known format: its first bytes are of no PNG, JPEG, WebP, GIF, BMP or TIFF.");
            return new SourceImage(path, kind, stream.Length, File.GetLastWriteTimeUtc(path), FileId.Of(path));
        }
        catch (NotRegularFileException exception)
        {
            throw new QwenEditException(EditError.NotAFile, exception.Message, exception);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new QwenEditException(EditError.ImageNotFound, $"There is no file {path}.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new QwenEditException(EditError.ImageUnreadable, $"{path} can't be read: {exception.Message}", exception);
        }
    }

    /// <summary>Opens the image to read it once from start to end.</summary>
    internal Stream OpenRead() => RegularFile.OpenRead(Path);

    /// <summary>
    /// Opens the image to read it once. The reading fails before the end if the content does not match this <see cref="ContentHash"/>.
    /// </summary>
    internal Stream OpenRead(string hash) => new HashedStream(OpenRead(), Length, hash);
}
