using System.Diagnostics;

namespace QwenEdit.Tests.Support;

/// <summary>Runs scripts in shells of their own: nothing loaded, a home and environment of one's choice.</summary>
public static class PowerShellProcess
{
    /// <summary>Runs a script and returns the lines it wrote; fails where it wrote errors.</summary>
    public static async Task<string[]> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = PowerShellTool.Describe("-Command", script);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal("", await error);
        return output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
