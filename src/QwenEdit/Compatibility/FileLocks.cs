using System.Runtime.InteropServices;

namespace QwenEdit.Compatibility;

/// <summary>Files whose lock tells whether the process that created them is still alive. The operating system releases the lock.</summary>
internal static class FileLocks
{
    /// <summary>
    /// Creates an empty file that no other handle can open while this one is open. It is removed when the handle is closed. On Unix it is locked with
    /// flock: other processes that may read the file see the lock, also from another container.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="like">Another file. On Unix, its readers may also read the new file.</param>
    /// <exception cref="IOException">The file exists, or can't be created.</exception>
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
        // The umask must not prevent users who share the journal from reading the file.
        File.SetUnixFileMode(file.SafeFileHandle, mode | (File.GetUnixFileMode(like) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)));
        return file;
#else
        return Flock(new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose), NativeMethods.LockExclusive);
#endif
    }

    /// <summary>Removes a file, unless another handle has locked it. The file is locked during the removal.</summary>
    /// <exception cref="IOException">Another handle has locked it.</exception>
    internal static void RemoveUnlockedFile(string path)
    {
#if !NET8_0_OR_GREATER
        if (!Platform.IsWindows)
        {
            using FileStream file = Flock(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1), NativeMethods.LockExclusive);
            File.Delete(path);
            return;
        }
#endif
        new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
    }

    /// <summary>Checks that a file can be opened for reading.</summary>
    /// <exception cref="IOException">The file can't be opened, for example because another handle has locked it.</exception>
    internal static void ExpectUnlockedFile(string path)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
#if !NET8_0_OR_GREATER
        file = Flock(file, NativeMethods.LockShared);
#endif
        file.Dispose();
    }

#if !NET8_0_OR_GREATER
    // On Mono, FileShare only works within the process.
    private static FileStream Flock(FileStream file, int operation)
    {
        if (!Platform.IsWindows && NativeMethods.flock(file.SafeFileHandle, operation | NativeMethods.LockWithoutWaiting) != 0)
        {
            int error = Marshal.GetLastWin32Error();
            file.Dispose();
            throw new IOException($"{file.Name} is locked.", error);
        }

        return file;
    }
#endif
}
