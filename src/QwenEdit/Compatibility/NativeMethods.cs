using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace QwenEdit.Compatibility;

/// <summary>
/// All functions of the operating system that the module calls. They have the system's names and parameters; the types that call them check the
/// platform and turn error codes into exceptions.
/// </summary>
/// <remarks><c>[LibraryImport]</c> generates no code for netstandard2.0, so both builds use <see cref="DllImportAttribute"/>.</remarks>
internal static class NativeMethods
{
    // The operations of flock, which are the same on Linux and on macOS.
    internal const int LockShared = 1;
    internal const int LockExclusive = 2;
    internal const int LockWithoutWaiting = 4;

    // Windows.
    [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static extern SafeFileHandle CreateFileW(
        string path, uint access, uint share, IntPtr security, uint disposition, uint flags, IntPtr template);

    [DllImport("kernel32", CharSet = CharSet.Unicode, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static extern bool MoveFileExW(string source, string destination, uint flags);

    // Linux and macOS. A path is UTF-8 with a zero at its end.
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern int open(byte[] path, int flags);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern int flock(SafeFileHandle file, int operation);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern uint geteuid();

    // Linux.
    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern int statx(int directory, byte[] path, int flags, uint mask, byte[] buffer);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern int malloc_trim(UIntPtr pad);
}
