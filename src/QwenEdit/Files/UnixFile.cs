using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace QwenEdit.Files;

/// <summary>What Linux tells of a file: its type and permissions, its inode, and its attributes.</summary>
internal readonly record struct FileLook(int Mode, long Inode, long Attributes)
{
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;

    /// <summary>Whether it is a file, not a folder, a pipe, a device or a socket.</summary>
    internal bool IsRegular => (Mode & TypeMask) == Regular;
}

/// <summary>The system calls for files that .NET does not offer on Unix.</summary>
internal static class UnixFile
{
    private const int ReadOnly = 0;
    private const int NotFound = 2;
    private const int Interrupted = 4;
    private const int NoDevice = 6;
    private const int Forbidden = 13;
    private const int NoFolder = 20;
    private const int LockSharedWithoutWaiting = 1 | 4;

    // struct statx of <linux/stat.h>, which is the same on every architecture.
    private const int StatxLength = 256;
    private const int AttributesAt = 8;
    private const int ModeAt = 28;
    private const int InodeAt = 32;
    private const uint WantsTypeModeAndInode = 0x103;
    private const int CurrentDirectory = -100;
    private const int EmptyPath = 0x1000;

    private static readonly bool IsLinux = RuntimeInformation.IsOSPlatform(OSPlatform.Linux);

    // O_NONBLOCK | O_CLOEXEC of Linux and of macOS.
    private static readonly int WithoutBlocking = IsLinux ? 0x80800 : 0x1000004;

    /// <summary>Opens a file to read. A pipe that nobody writes to is opened at once, where .NET waits for a writer.</summary>
    /// <exception cref="NotRegularFileException">A socket, or a device that is not there.</exception>
    /// <exception cref="IOException">It can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    internal static SafeFileHandle Open(string path)
    {
        int descriptor;
        int error;
        do
        {
            descriptor = open(Text(path), ReadOnly | WithoutBlocking);
            error = descriptor < 0 ? Marshal.GetLastWin32Error() : 0;
        }
        while (error == Interrupted);
        return error switch
        {
            0 => new SafeFileHandle((IntPtr)descriptor, ownsHandle: true),
            NotFound or NoFolder => throw new FileNotFoundException("It does not exist.", path),
            NoDevice => throw new NotRegularFileException(path),
            Forbidden => throw new UnauthorizedAccessException("Access is denied."),
            _ => throw new IOException($"{new System.ComponentModel.Win32Exception(error).Message}.", error),
        };
    }

    /// <summary>Locks a file as a reader does, as .NET does when it opens one.</summary>
    /// <exception cref="IOException">A writer has locked it.</exception>
    internal static void LockForReading(SafeFileHandle file)
    {
        // A file system without locks has none to heed.
        if (flock(file, LockSharedWithoutWaiting) != 0 && Marshal.GetLastWin32Error() is var error and (11 or 35))
        {
            throw new IOException("It is being used by another program.", error);
        }
    }

    /// <summary>What an open file is; <see langword="null"/> where the system does not tell.</summary>
    internal static FileLook? Look(SafeFileHandle file) => Look(file.DangerousGetHandle().ToInt32(), string.Empty, EmptyPath);

    /// <summary>What is at a path; <see langword="null"/> where nothing is, or the system does not tell.</summary>
    internal static FileLook? Look(string path) => Look(CurrentDirectory, path, 0);

    private static FileLook? Look(int directory, string path, int flags)
    {
        if (!IsLinux)
        {
            return null;
        }

        try
        {
            byte[] answer = new byte[StatxLength];
            return statx(directory, Text(path), flags, WantsTypeModeAndInode, answer) != 0 ? null : new FileLook(
                BinaryPrimitives.ReadUInt16LittleEndian(answer.AsSpan(ModeAt)),
                BinaryPrimitives.ReadInt64LittleEndian(answer.AsSpan(InodeAt)),
                BinaryPrimitives.ReadInt64LittleEndian(answer.AsSpan(AttributesAt)));
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2018.
            return null;
        }
    }

    private static byte[] Text(string path) => Encoding.UTF8.GetBytes(path + "\0");

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open(byte[] path, int flags);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int flock(SafeFileHandle file, int operation);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statx(int directory, byte[] path, int flags, uint mask, byte[] answer);
}
