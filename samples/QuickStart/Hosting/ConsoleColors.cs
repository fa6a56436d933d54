using System.Runtime.InteropServices;

namespace QuickStart.Hosting;

/// <summary>Whether the console shows ANSI escape sequences rather than printing them.</summary>
internal static class ConsoleColors
{
    private const int StandardOutput = -11;
    private const uint VirtualTerminalProcessing = 4;

    /// <summary>True where it does, and nobody asked for no colours (https://no-color.org).</summary>
    internal static bool Available() =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && (OperatingSystem.IsWindows() ? TurnOn() : Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"));

    // A Windows console does so only for processes that ask for it.
    private static bool TurnOn()
    {
        IntPtr console = GetStdHandle(StandardOutput);
        return GetConsoleMode(console, out uint mode) && SetConsoleMode(console, mode | VirtualTerminalProcessing);
    }

    [DllImport("kernel32.dll")]
    private static extern IntPtr GetStdHandle(int handle);

    [DllImport("kernel32.dll")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetConsoleMode(IntPtr console, out uint mode);

    [DllImport("kernel32.dll")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool SetConsoleMode(IntPtr console, uint mode);
}
