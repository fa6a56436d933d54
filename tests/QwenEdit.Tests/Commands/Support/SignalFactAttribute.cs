using System.Globalization;

namespace QwenEdit.Tests.Commands.Support;

/// <summary>
/// A fact about a signal, skipped where there are none, or where the tests' own process was started with the signal ignored (<c>nohup</c>, a
/// shell's background): its children inherit that.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SignalFactAttribute : FactAttribute
{
    /// <param name="signal">The signal's number.</param>
    public SignalFactAttribute(int signal)
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "The signals of a process are read as Linux shows them.";
        }
        else if (IsIgnored(signal))
        {
            Skip = $"Signal {signal} is ignored in this process, and so in its children.";
        }
    }

    // SigIgn is a mask in hex, whose lowest bit is signal 1.
    private static bool IsIgnored(int signal)
    {
        string mask = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..].Trim();
        return (ulong.Parse(mask, NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal - 1) & 1) == 1;
    }
}
