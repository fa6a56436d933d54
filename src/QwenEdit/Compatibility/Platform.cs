using System.Runtime.InteropServices;

namespace QwenEdit.Compatibility;

/// <summary>What the operating system is, and its signals.</summary>
internal static class Platform
{
    /// <summary>Whether this is Windows.</summary>
    internal static bool IsWindows { get; } = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>How paths compare here: without case on Windows and macOS.</summary>
    internal static StringComparison PathComparison { get; } =
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) || RuntimeInformation.IsOSPlatform(OSPlatform.OSX)
            ? StringComparison.OrdinalIgnoreCase
            : StringComparison.Ordinal;

    /// <summary>
    /// Calls back when the system asks the process to end (SIGTERM, SIGHUP; on Windows the closing of the console, a shutdown). What the host or
    /// the runtime does about it happens when the call returns. .NET Framework has no such thing. Ctrl+C is PowerShell's own.
    /// </summary>
    internal static IDisposable[] OnTermination(Action call) =>
#if NET8_0_OR_GREATER
        [PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => call()), PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => call())];
#else
        [];
#endif
}
