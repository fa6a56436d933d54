using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using QwenEdit.Compatibility;

namespace QwenEdit.Files;

/// <summary>
/// On Linux, starts to write a file to the disk while the rest of it still arrives, so that the final flush takes less time. Does nothing elsewhere.
/// Only the flush guarantees that the data is on the disk.
/// </summary>
/// <param name="file">The file, which is written from its start.</param>
internal sealed class WriteBehind(FileStream file)
{
    private const int Step = 256 * 1024;

    // SYNC_FILE_RANGE_WRITE in <linux/fs.h>: starts the write and does not wait.
    private const uint Begin = 2;

    private static readonly bool IsThere = RuntimeInformation.IsOSPlatform(OSPlatform.Linux);

    private SafeFileHandle? _handle;
    private long _begun;

    /// <summary>Called after the file has grown to this many bytes.</summary>
    internal void Reached(long length)
    {
        if (!IsThere || length - _begun < Step)
        {
            return;
        }

        // The result is ignored: if the data can't be written, the flush fails.
        _ = NativeMethods.sync_file_range(_handle ??= file.SafeFileHandle, _begun, length - _begun, Begin);
        _begun = length;
    }
}
