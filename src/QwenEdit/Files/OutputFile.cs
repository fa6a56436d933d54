using System.Buffers;
using System.IO.Hashing;
using QwenEdit.Imaging;

namespace QwenEdit.Files;

/// <summary>
/// An edited image on the disk: its full path, its size in bytes, its format, the hash of its content, and its last write time (UTC).
/// </summary>
internal sealed record WrittenImage(string Path, long Length, ImageKind Kind, string Hash, DateTime Time);

/// <summary>
/// Writes an edited image so that a file with its final name is always complete: writes a temporary file in the same folder, checks it, flushes it to
/// the disk, and then renames it.
/// </summary>
internal static class OutputFile
{
    /// <summary>
    /// The largest accepted image, in bytes. The service's images have about one megapixel; a response without an end would fill the disk.
    /// </summary>
    internal const long Largest = 256 * 1024 * 1024;

    private const int SmallestBuffer = 4 * 1024;
    private const int LargestBuffer = 64 * 1024;

    /// <summary>Writes the image from <paramref name="content"/>.</summary>
    /// <param name="content">The image, from its first byte.</param>
    /// <param name="expectedLength">
    /// The expected number of bytes; <see langword="null"/> if it is not known. Then only a PNG, JPEG or WebP image can be checked to be complete.
    /// </param>
    /// <param name="destination">
    /// The full path of the file. Its folder is created if it is missing. If the path has no extension, the extension of the image's format is added.
    /// </param>
    /// <param name="overwrite">Whether an existing file is replaced.</param>
    /// <param name="cancellationToken">Cancels the writing. No file is left behind.</param>
    /// <param name="temporaries">
    /// Names the temporary file, so that it can be found if this process is killed, and removes those of ended sessions;
    /// <see langword="null"/> for a writer without a journal.
    /// </param>
    /// <param name="beforeRenaming">
    /// Called with the complete image and its final path, before the file is renamed and while it is flushed. The last write time may still change:
    /// Windows sets it when the file is closed.
    /// </param>
    /// <param name="largest">The largest accepted image, in bytes. Reading stops at this length and at the expected length.</param>
    /// <param name="time">The clock for waiting while other programs have the file open; the system's by default.</param>
    /// <returns>The file, the image's length in bytes and its format.</returns>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.OutputInvalid"/>: the data is incomplete, damaged, or not an image; the destination is unchanged.
    /// <see cref="EditError.DestinationExists"/>, <see cref="EditError.DestinationUnwritable"/>.
    /// </exception>
    internal static async Task<WrittenImage> WriteAsync(
        Stream content,
        long? expectedLength,
        string destination,
        bool overwrite,
        CancellationToken cancellationToken,
        TemporaryFiles? temporaries = null,
        Func<WrittenImage, Task>? beforeRenaming = null,
        long largest = Largest,
        TimeProvider? time = null)
    {
        if (expectedLength > largest)
        {
            throw TooLarge(destination, largest);
        }

        temporaries ??= TemporaryFiles.WithoutJournal;
        time ??= TimeProvider.System;
        temporaries.RemoveLeftovers(Path.GetDirectoryName(destination)!);
        string temporary = temporaries.Beside(destination, ".tmp");
        FileStream file = Create(temporary, destination);
        try
        {
            WrittenImage image;
            using (file)
            {
                (long Length, ImageKind Kind, string Hash) written = await CopyAsync(content, expectedLength, largest, file, destination, cancellationToken).ConfigureAwait(false);
                string path = Path.HasExtension(destination) ? destination : destination + written.Kind.Extension();
                image = new WrittenImage(path, written.Length, written.Kind, written.Hash, File.GetLastWriteTimeUtc(temporary));
                // The callback and the flush both wait for the disk, so they run at the same time.
                Task heard = beforeRenaming is null ? Task.CompletedTask : Task.Run(() => beforeRenaming(image), CancellationToken.None);
                try
                {
                    Flush(file, destination);
                }
                finally
                {
                    await heard.ConfigureAwait(false);
                }
            }

            image = image with { Time = File.GetLastWriteTimeUtc(temporary) };
            await PublishAsync(temporary, image.Path, overwrite, time, cancellationToken).ConfigureAwait(false);
            return image;
        }
        finally
        {
            await DiscardAsync(temporary, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<(long Length, ImageKind Kind, string Hash)> CopyAsync(
        Stream content, long? expectedLength, long largest, FileStream file, string destination, CancellationToken cancellationToken)
    {
        var hash = new XxHash128();
        ImageEnd end = new();
        // The expected length only sets the buffer's size, and may be wrong.
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Max(SmallestBuffer, Math.Min(LargestBuffer, expectedLength ?? LargestBuffer)));
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
            {
                end.Append(buffer.AsSpan(0, read));
                if (end.Length > (expectedLength ?? largest))
                {
                    break;
                }

                hash.Append(buffer.AsSpan(0, read));
                try
                {
                    // Writes synchronously, as the write goes to the system's cache and an asynchronous write would cost more.
                    file.Write(buffer, 0, read);
                }
                catch (Exception exception) when (IsOfTheDisk(exception))
                {
                    throw Unwritable(destination, exception);
                }
            }

            if (end.Length > largest)
            {
                throw TooLarge(destination, largest);
            }

            return (end.Length, KindOfWhole(end, expectedLength, destination), Hex.Of(hash.GetCurrentHash()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ImageKind KindOfWhole(ImageEnd image, long? expectedLength, string destination)
    {
        if (expectedLength is { } expected && expected != image.Length)
        {
            throw Invalid(image.Length < expected
                ? $"The edited image for {destination} was cut short: {image.Length} of {expected} bytes arrived."
                : $"The edited image for {destination} is longer than the {expected} bytes that were announced.");
        }

        ImageKind kind = image.Kind ?? throw Invalid($"What was downloaded for {destination} ({image.Length} bytes) is not an image.");
        if (ImageEnd.IsToldBy(kind))
        {
            return image.Position is not null
                ? kind
                : throw Invalid($"The edited image for {destination} was cut short or is damaged: {image.Length} bytes arrived, without the end of a {kind} image.");
        }

        return expectedLength is not null
            ? kind
            : throw Invalid($"The edited image for {destination} may have been cut short: {image.Length} bytes of a {kind} image arrived, and no length was announced.");
    }

    private static FileStream Create(string temporary, string destination)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
            return new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1);
        }
        catch (Exception exception) when (IsOfTheDisk(exception))
        {
            throw Unwritable(destination, exception);
        }
    }

    private static void Flush(FileStream file, string destination)
    {
        try
        {
            file.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (IsOfTheDisk(exception))
        {
            throw Unwritable(destination, exception);
        }
    }

    private static async Task PublishAsync(string temporary, string destination, bool overwrite, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await SharingViolation.WaitOutAsync(() => FileSystem.MoveFile(temporary, destination, overwrite), time, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception) when (!overwrite && File.Exists(destination))
        {
            throw Exists(destination, exception);
        }
        catch (Exception exception) when (IsOfTheDisk(exception))
        {
            throw Unwritable(destination, exception);
        }
    }

    private static async Task DiscardAsync(string temporary, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await SharingViolation.WaitOutAsync(() => File.Delete(temporary), time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTheDisk(exception) || exception is OperationCanceledException)
        {
            // The folder or the disk is missing, or another program keeps the file open; the file is then found by its name later. The earlier
            // exception describes the failure better, and can be distinguished from network errors.
        }
    }

    /// <summary>Whether an exception means that a file operation failed.</summary>
    internal static bool IsOfTheDisk(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or NotSupportedException;

    private static QwenEditException TooLarge(string destination, long largest) =>
        Invalid($"What was downloaded for {destination} is larger than {largest} bytes, and no edited image is.");

    private static QwenEditException Invalid(string message) => new(EditError.OutputInvalid, message);

    /// <summary>Creates the exception for an existing file that may not be replaced.</summary>
    internal static QwenEditException Exists(string destination, Exception? exception = null) =>
        new(EditError.DestinationExists, $"{destination} already exists, and was left as it is.", exception);

    /// <summary>Creates the exception for an image that can't be written.</summary>
    internal static QwenEditException Unwritable(string destination, Exception exception) =>
        new(EditError.DestinationUnwritable, $"{destination} can't be written: {exception.Message.TrimEnd('.')}.", exception);
}
