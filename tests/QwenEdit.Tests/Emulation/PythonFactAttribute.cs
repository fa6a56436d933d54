using System.ComponentModel;
using System.Diagnostics;

namespace QwenEdit.Tests.Emulation;

/// <summary>A test that needs Python 3, and is skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> IsThere = new(Runs);

    public PythonFactAttribute() => Skip = IsThere.Value ? null : $"{Program} is not installed.";

    public static string Program => OperatingSystem.IsWindows() ? "python" : "python3";

    private static bool Runs()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Program, ["-c", "import sys; sys.exit(sys.version_info < (3, 6))"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
