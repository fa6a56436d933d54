using System.Runtime.InteropServices;

namespace QwenEdit.Compatibility;

/// <summary>The operating system and its signals.</summary>
internal static class Platform
{
    /// <summary>Whether the operating system is Windows.</summary>
    internal static bool IsWindows { get; } = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>Whether the operating system is Linux.</summary>
    internal static bool IsLinux { get; } = RuntimeInformation.IsOSPlatform(OSPlatform.Linux);

    /// <summary>How paths are compared: without case on Windows and macOS.</summary>
    internal static StringComparison PathComparison { get; } =
        IsWindows || RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>
    /// Calls back when the system asks the process to end (SIGTERM, SIGHUP; on Windows, when the console is closed or the system shuts down). The
    /// host or the runtime handles the signal after the callback returns. Does nothing on .NET Framework. PowerShell handles Ctrl+C.
    /// </summary>
    internal static IDisposable[] OnTermination(Action call) =>
#if NET8_0_OR_GREATER
        [PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => call()), PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => call())];
#else
        [];
#endif
}
