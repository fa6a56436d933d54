using System.Text;

namespace QwenEdit.Files;

/// <summary>
/// Checks, before an image is paid for, that it can be written under its own name. A name may be too long or reserved where other names in the folder
/// are not, and an existing file may not be replaceable.
/// </summary>
internal static class DestinationTrial
{
    // A full disk may still have space for an empty file.
    private const int Length = 4096;

    /// <summary>The content of the trial file. It says what the file is, if the process is killed before it removes the file.</summary>
    internal static readonly byte[] Content = Encoding.ASCII.GetBytes(
        "QwenEdit tried whether it can write an image here. This file may be removed.\n".PadRight(Length));

    /// <summary>
    /// Creates a file in the destination's folder, which is created if it is missing. If the destination is free, renames the file to it and removes
    /// it. Otherwise checks that the existing file can be replaced, and does not change it.
    /// </summary>
    /// <param name="destination">The full path of the image.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="temporaries">Names the temporary file.</param>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.DestinationUnwritable"/>; <see cref="EditError.DestinationExists"/>: a file exists and may not be replaced.
    /// </exception>
    internal static void Run(string destination, bool overwrite, TemporaryFiles temporaries)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
            if (IsLeftAt(destination))
            {
                File.Delete(destination);
            }

            string trial = temporaries.Beside(destination, ".try");
            using FileStream file = new(trial, FileMode.CreateNew, FileAccess.Write, FileShare.Delete, bufferSize: 1, FileOptions.DeleteOnClose);
            file.Write(Content, 0, Length);
            if (!TryName(trial, destination))
            {
                ExpectReplaceable(destination, overwrite);
            }
        }
        catch (Exception exception) when (OutputFile.IsOfTheDisk(exception))
        {
            throw OutputFile.Unwritable(destination, exception);
        }
    }

    /// <summary>Whether the file at a path was left by a trial whose process was killed. The next trial removes it.</summary>
    internal static bool IsLeftAt(string path)
    {
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: Length })
            {
                return false;
            }

            using FileStream file = RegularFile.OpenRead(path);
            byte[] content = new byte[Length];
            return file.ReadAtLeast(content, Length, throwOnEndOfStream: false) == Length && content.AsSpan().SequenceEqual(Content);
        }
        catch (Exception exception) when (OutputFile.IsOfTheDisk(exception))
        {
            return false;
        }
    }

    private static bool TryName(string trial, string destination)
    {
        if (IsTaken(destination))
        {
            return false;
        }

        try
        {
            FileSystem.MoveFile(trial, destination, overwrite: false);
        }
        catch (IOException) when (IsTaken(destination))
        {
            return false;
        }

        File.Delete(destination);
        return true;
    }

    // A link to a missing file also occupies the name.
    private static bool IsTaken(string destination) =>
        File.Exists(destination) || Directory.Exists(destination) || UnixFile.Look(destination, followsLinks: false) is not null;

    private static void ExpectReplaceable(string destination, bool overwrite)
    {
        if (!overwrite)
        {
            throw OutputFile.Exists(destination);
        }

        if (Directory.Exists(destination))
        {
            throw new IOException("It is a folder.");
        }

        if (Platform.IsWindows)
        {
            WindowsFile.ExpectReplaceable(destination);
        }
        else
        {
            UnixFile.ExpectReplaceable(destination);
        }
    }
}
