using System.Text;
using QwenEdit.Compatibility;

namespace QwenEdit.Files;

/// <summary>
/// Sees before an image is paid for that it can be written under its own name: a name may be too long or reserved where another in the same folder
/// is not, and a file that is there may not be replaceable.
/// </summary>
internal static class DestinationTrial
{
    // A disk that is full may still have room for a name.
    private const int Length = 4096;

    /// <summary>What is in the file. It tells what it is should the process be killed before it is removed.</summary>
    internal static readonly byte[] Content = Encoding.ASCII.GetBytes(
        "QwenEdit tried whether it can write an image here. This file may be removed.\n".PadRight(Length));

    /// <summary>
    /// Creates a file in the destination's folder, which is made if need be. If the destination is free, the file is renamed to it and removed; if it
    /// is taken, the file there is looked at and left as it is.
    /// </summary>
    /// <param name="destination">The full path of the image.</param>
    /// <param name="overwrite">Whether a file that is there is to be replaced.</param>
    /// <param name="temporaries">Names the file that is created.</param>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.DestinationUnwritable"/>; <see cref="EditError.DestinationExists"/>: a file is there that is not to be replaced.
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

    /// <summary>Whether the file at a path is one that a trial left there when its process was killed; the next trial removes it.</summary>
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
            int read = 0;
            int count;
            while (read < Length && (count = file.Read(content, read, Length - read)) > 0)
            {
                read += count;
            }

            return content.AsSpan(0, read).SequenceEqual(Content);
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

    // A link that leads nowhere takes the name, too.
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
