using System.Diagnostics;

namespace QwenEdit.Tests.Support;

/// <summary>A test with programs that only Linux has.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    /// <param name="canRun">A command that must succeed for the test to run; some systems forbid it.</param>
    public LinuxFactAttribute(params string[] canRun)
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "Its programs are Linux'.";
        }
        else if (canRun.Length > 0 && !Succeeds(canRun))
        {
            Skip = $"'{string.Join(' ', canRun)}' is not allowed here.";
        }
    }

    private static bool Succeeds(string[] command)
    {
        using Process process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
