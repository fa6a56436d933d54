using System.Runtime.InteropServices;
using QwenEdit.Runs;

namespace QwenEdit.Tests.Runs;

/// <summary>What native code has freed goes back to the system.</summary>
public sealed class FreedMemoryTests
{
    private const int BlockSize = 1024;
    private const long Megabyte = 1024 * 1024;

    // The other tests of the process come and go beside it: it is much more than they need.
    private const long Freed = 400 * Megabyte;

    [Fact]
    public void What_native_code_has_freed_is_handed_back()
    {
        IntPtr[] blocks = new IntPtr[Freed / BlockSize];
        for (int index = 0; index < blocks.Length; index++)
        {
            blocks[index] = Marshal.AllocHGlobal(BlockSize);
            Marshal.WriteByte(blocks[index], 1);
        }

        // The last one stays, or the C library would do it by itself.
        for (int index = 0; index < blocks.Length - 1; index++)
        {
            Marshal.FreeHGlobal(blocks[index]);
        }

        try
        {
            long before = Environment.WorkingSet;
            if (FreedMemory.HandBack())
            {
                Assert.InRange(before - Environment.WorkingSet, Freed / 2, long.MaxValue);
            }
            else
            {
                Assert.False(HasGlibc(), "glibc can, and did not.");
            }
        }
        finally
        {
            Marshal.FreeHGlobal(blocks[^1]);
        }
    }

    private static bool HasGlibc()
    {
        if (!NativeLibrary.TryLoad("libc.so.6", out IntPtr library))
        {
            return false;
        }

        try
        {
            return NativeLibrary.TryGetExport(library, "gnu_get_libc_version", out _);
        }
        finally
        {
            NativeLibrary.Free(library);
        }
    }
}
