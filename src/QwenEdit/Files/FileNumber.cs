using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace QwenEdit.Files;

/// <summary>
/// Tells a file from another that took its path, its length and its time: by the inode on Linux; elsewhere by the time at which it was made,
/// in ticks (UTC).
/// </summary>
internal static class FileNumber
{
    // struct statx of <linux/stat.h>, which is the same on every architecture.
    private const int StatxLength = 256;
    private const int InodeAt = 32;
    private const uint WantsInode = 0x100;
    private const int CurrentDirectory = -100;

    private static readonly bool HasInodes = RuntimeInformation.IsOSPlatform(OSPlatform.Linux);

    /// <summary>The number of a file; 0 where the system tells none.</summary>
    internal static long Of(string path) => HasInodes ? Inode(path) : File.GetCreationTimeUtc(path).Ticks;

    private static long Inode(string path)
    {
        try
        {
            byte[] answer = new byte[StatxLength];
            return statx(CurrentDirectory, Encoding.UTF8.GetBytes(path + "\0"), 0, WantsInode, answer) == 0
                ? BinaryPrimitives.ReadInt64LittleEndian(answer.AsSpan(InodeAt))
                : 0;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2018: the path, the length and the time must do.
            return 0;
        }
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statx(int directory, byte[] path, int flags, uint mask, byte[] answer);
}
