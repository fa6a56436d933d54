using Microsoft.Win32.SafeHandles;

namespace QwenEdit.Files;

/// <summary>The exception for a path that names a pipe, a device or a socket.</summary>
internal sealed class NotRegularFileException(string path, Exception? inner = null)
    : IOException($"{path} is a pipe, a device or a socket, not a file.", inner);

/// <summary>Opens regular files only: opening a pipe could wait forever for a writer, and a device may have no end.</summary>
internal static class RegularFile
{
    /// <summary>Opens a file to read it once from start to end, without a buffer. Others may read it meanwhile, but not write.</summary>
    /// <exception cref="NotRegularFileException">The path names a pipe, a device or a socket.</exception>
    /// <exception cref="IOException">The file can't be opened, or is open for writing.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read the file.</exception>
    internal static FileStream OpenRead(string path) =>
        Platform.IsWindows ? OpenOnWindows(path) : OpenOnUnix(path);

    private static FileStream OpenOnWindows(string path)
    {
        FileStream file;
        try
        {
            // Opening a device does not block; only reading does.
            file = FileSystem.OpenRead(path);
        }
        catch (NotSupportedException exception)
        {
            // .NET Framework can't open a device.
            throw new NotRegularFileException(path, exception);
        }

        // On Windows, only a file on a disk can seek.
        if (file.CanSeek)
        {
            return file;
        }

        file.Dispose();
        throw new NotRegularFileException(path);
    }

    private static FileStream OpenOnUnix(string path)
    {
        SafeFileHandle handle = UnixFile.Open(path);
        try
        {
            if (UnixFile.Look(handle) is { IsRegular: false })
            {
                throw new NotRegularFileException(path);
            }

            UnixFile.LockForReading(handle);
            FileStream file = FileSystem.OpenRead(handle, path);
            if (file.CanSeek)
            {
                return file;
            }

            // macOS does not report the type, so a file that can't seek is not a regular file.
            file.Dispose();
            throw new NotRegularFileException(path);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
