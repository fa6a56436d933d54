using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace QwenEdit.Files;

/// <summary>
/// Has Linux begin to write a file to the disk while the rest of it still comes, so that the flush at its end finds little left to wait for.
/// Elsewhere it does nothing; the flush is what a promise rests on.
/// </summary>
/// <param name="file">The file, which is written from its start.</param>
internal sealed class WriteBehind(FileStream file)
{
    private const int Step = 256 * 1024;

    // SYNC_FILE_RANGE_WRITE of <linux/fs.h>: begin, and wait for nothing.
    private const uint Begin = 2;

    private static readonly bool IsThere = RuntimeInformation.IsOSPlatform(OSPlatform.Linux);

    private SafeFileHandle? _handle;
    private long _begun;

    /// <summary>So many bytes have been written by now.</summary>
    internal void Reached(long length)
    {
        if (!IsThere || length - _begun < Step)
        {
            return;
        }

        // Whether it could begin is no matter: what can't be written is the flush's error.
        _ = sync_file_range(_handle ??= file.SafeFileHandle, _begun, length - _begun, Begin);
        _begun = length;
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int sync_file_range(SafeFileHandle file, long offset, long length, uint flags);
}
