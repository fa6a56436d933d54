using Microsoft.Win32.SafeHandles;
using QwenEdit.Compatibility;

namespace QwenEdit.Files;

/// <summary>A path leads to a pipe, a device or a socket.</summary>
internal sealed class NotRegularFileException(string path, Exception? inner = null)
    : IOException($"{path} is a pipe, a device or a socket, not a file.", inner);

/// <summary>
/// Opens files, and nothing else: a pipe would wait for a writer without an end, and a device may have no end.
/// </summary>
internal static class RegularFile
{
    /// <summary>Opens a file for one pass from start to end, without a buffer. Others may go on reading it, but not write.</summary>
    /// <exception cref="NotRegularFileException">It is a pipe, a device or a socket.</exception>
    /// <exception cref="IOException">It can't be opened, or is open for writing.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    internal static FileStream OpenRead(string path) =>
        Platform.IsWindows ? OpenOnWindows(path) : OpenOnUnix(path);

    private static FileStream OpenOnWindows(string path)
    {
        FileStream file;
        try
        {
            // The opening of a device does not wait; only the reading of one does.
            file = FileSystem.OpenRead(path);
        }
        catch (NotSupportedException exception)
        {
            // .NET Framework opens no device.
            throw new NotRegularFileException(path, exception);
        }

        if (WindowsFile.IsOnDisk(file.SafeFileHandle))
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

            // macOS, where the type is not told.
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
