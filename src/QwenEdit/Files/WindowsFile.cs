using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace QwenEdit.Files;

/// <summary>File system calls of Windows that .NET does not provide.</summary>
internal static class WindowsFile
{
    private const uint Delete = 0x10000;
    private const uint ShareAll = 7;
    private const uint OpenExisting = 3;

    /// <summary>Checks that a file can be replaced: opens it with the access right that this requires, and closes it.</summary>
    /// <exception cref="IOException">The file is read-only, another program has it open, or the user may not remove it.</exception>
    internal static void ExpectReplaceable(string path)
    {
        if ((File.GetAttributes(path) & FileAttributes.ReadOnly) != 0)
        {
            throw new IOException("It is read-only.");
        }

        using SafeFileHandle file = NativeMethods.CreateFileW(path, Delete, ShareAll, IntPtr.Zero, OpenExisting, 0, IntPtr.Zero);
        if (file.IsInvalid)
        {
            int error = Marshal.GetLastWin32Error();
            throw new IOException(new Win32Exception(error).Message, unchecked((int)0x80070000) | error);
        }
    }
}
