using System.Runtime.InteropServices;

namespace QwenEdit.Compatibility;

/// <summary>Files that say by a lock of the kernel whether the process that made them still lives.</summary>
internal static class FileLocks
{
    /// <summary>
    /// Creates an empty file that no other handle may open while this one is open, and that is removed with it. On Unix the lock is flock's: other
    /// processes with the right to read the file see it, also in another container.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="like">Another file: on Unix, whoever may read that one may read this one.</param>
    /// <exception cref="IOException">It is there already, or can't be created.</exception>
    internal static FileStream CreateLockedFile(string path, string like)
    {
#if NET8_0_OR_GREATER
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 0,
        };
        if (OperatingSystem.IsWindows())
        {
            return new FileStream(path, options);
        }

        UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        options.UnixCreateMode = mode;
        FileStream file = new(path, options);
        // The umask must not hide it from whoever shares the journal.
        File.SetUnixFileMode(file.SafeFileHandle, mode | (File.GetUnixFileMode(like) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)));
        return file;
#else
        return Flock(new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose), LockExclusive);
#endif
    }

    /// <summary>Removes a file, unless another handle keeps it locked. It is locked while it is removed.</summary>
    /// <exception cref="IOException">It is locked.</exception>
    internal static void RemoveUnlockedFile(string path)
    {
#if !NET8_0_OR_GREATER
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            using FileStream file = Flock(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1), LockExclusive);
            File.Delete(path);
            return;
        }
#endif
        new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
    }

    /// <summary>Opens a file to read, and closes it.</summary>
    /// <exception cref="IOException">Among others: another handle keeps it locked.</exception>
    internal static void ExpectUnlockedFile(string path)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
#if !NET8_0_OR_GREATER
        file = Flock(file, LockShared);
#endif
        file.Dispose();
    }

#if !NET8_0_OR_GREATER
    private const int LockShared = 1;
    private const int LockExclusive = 2;
    private const int LockWithoutWaiting = 4;

    // On Mono, FileShare is known within the process only.
    private static FileStream Flock(FileStream file, int operation)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            && flock(file.SafeFileHandle.DangerousGetHandle().ToInt32(), operation | LockWithoutWaiting) != 0)
        {
            int error = Marshal.GetLastWin32Error();
            file.Dispose();
            throw new IOException($"{file.Name} is locked.", error);
        }

        return file;
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int flock(int descriptor, int operation);
#endif
}
