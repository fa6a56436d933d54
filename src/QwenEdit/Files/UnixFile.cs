using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace QwenEdit.Files;

/// <summary>The attributes of a file on Linux: its type and permissions, its owner, its inode, and its flags.</summary>
internal readonly record struct FileLook(int Mode, uint Owner, long Inode, long Attributes)
{
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Sticky = 0x200;
    private const long ImmutableOrAppendOnly = 0x30;
    private const long MountRoot = 0x2000;

    /// <summary>Whether it is a regular file, and not a folder, a pipe, a device or a socket.</summary>
    internal bool IsRegular => (Mode & TypeMask) == Regular;

    /// <summary>Whether it is a folder in which only the owner of a file may replace that file.</summary>
    internal bool IsSticky => (Mode & Sticky) != 0;

    /// <summary>Whether nobody may replace the file: see <c>chattr</c>.</summary>
    internal bool IsImmutable => (Attributes & ImmutableOrAppendOnly) != 0;

    /// <summary>Whether something is mounted at its path.</summary>
    internal bool IsMountRoot => (Attributes & MountRoot) != 0;
}

/// <summary>File system calls of Unix that .NET does not provide.</summary>
internal static class UnixFile
{
    private const int ReadOnly = 0;
    private const int NotFound = 2;
    private const int Interrupted = 4;
    private const int NoDevice = 6;
    private const int Forbidden = 13;
    private const int NoFolder = 20;

    // struct statx in <linux/stat.h>, which is the same on every architecture.
    private const int StatxLength = 256;
    private const int AttributesAt = 8;
    private const int OwnerAt = 20;
    private const int ModeAt = 28;
    private const int InodeAt = 32;
    private const uint WantsTypeModeOwnerAndInode = 0x10B;
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;

    // O_NONBLOCK | O_CLOEXEC on Linux and on macOS.
    private static readonly int WithoutBlocking = Platform.IsLinux ? 0x80800 : 0x1000004;

    /// <summary>Opens a file for reading. Opens a pipe without a writer at once, where .NET would wait for a writer.</summary>
    /// <exception cref="NotRegularFileException">The path names a socket, or a device that does not exist.</exception>
    /// <exception cref="IOException">The file can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read the file.</exception>
    internal static SafeFileHandle Open(string path)
    {
        int descriptor;
        int error;
        do
        {
            descriptor = NativeMethods.open(Text(path), ReadOnly | WithoutBlocking);
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

    /// <summary>Takes a shared lock on a file, as .NET does when it opens a file for reading.</summary>
    /// <exception cref="IOException">A writer has locked the file.</exception>
    internal static void LockForReading(SafeFileHandle file)
    {
        // On a file system without locks, the error is ignored.
        if (NativeMethods.flock(file, NativeMethods.LockShared | NativeMethods.LockWithoutWaiting) != 0 && Marshal.GetLastWin32Error() is var error and (11 or 35))
        {
            throw new IOException("It is being used by another program.", error);
        }
    }

    /// <summary>Returns the attributes of an open file; <see langword="null"/> if the system does not provide them.</summary>
    internal static FileLook? Look(SafeFileHandle file) => Look(file.DangerousGetHandle().ToInt32(), string.Empty, EmptyPath);

    /// <summary>Returns the attributes of a path; <see langword="null"/> if nothing exists there, or the system does not provide them.</summary>
    /// <param name="path">The path.</param>
    /// <param name="followsLinks">Whether to return the attributes of a link's target instead of the link's own.</param>
    internal static FileLook? Look(string path, bool followsLinks = true) => Look(CurrentDirectory, path, followsLinks ? 0 : NoFollow);

    /// <summary>Checks that another file can be renamed to the path of this file. The permissions of this file don't matter for that.</summary>
    /// <exception cref="IOException">The file can't be replaced.</exception>
    internal static void ExpectReplaceable(string path)
    {
        if (Look(path, followsLinks: false) is not { } file)
        {
            return;
        }

        if (file.IsImmutable)
        {
            throw new IOException("It is immutable or may only be appended to ('lsattr' shows it, 'chattr -i -a' changes it).");
        }

        if (file.IsMountRoot)
        {
            throw new IOException("It is mounted there by itself, and can't be replaced.");
        }

        if (Look(Path.GetDirectoryName(path)!) is { IsSticky: true } folder && NativeMethods.geteuid() is var user && user != 0 && user != file.Owner && user != folder.Owner)
        {
            throw new IOException("It belongs to another user, and only its owner may replace it in that folder.");
        }
    }

    private static FileLook? Look(int directory, string path, int flags)
    {
        if (!Platform.IsLinux)
        {
            return null;
        }

        try
        {
            byte[] buffer = new byte[StatxLength];
            return NativeMethods.statx(directory, Text(path), flags, WantsTypeModeOwnerAndInode, buffer) != 0 ? null : new FileLook(
                BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(ModeAt)),
                BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(OwnerAt)),
                BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(InodeAt)),
                BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(AttributesAt)));
        }
        catch (EntryPointNotFoundException)
        {
            // The C library is older than 2018 and has no statx.
            return null;
        }
    }

    private static byte[] Text(string path) => Encoding.UTF8.GetBytes(path + "\0");
}
