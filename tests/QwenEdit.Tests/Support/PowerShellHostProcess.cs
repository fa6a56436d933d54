using System.Diagnostics;
using System.Reflection;

namespace QwenEdit.Tests.Support;

/// <summary>Runs scripts in processes of their own: nothing loaded, a home and environment of one's choice.</summary>
public static class PowerShellProcess
{
    private static readonly string Host = typeof(PowerShellProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "TestHost").Value!;

    /// <summary>Runs a script and returns the lines it wrote; fails where it wrote errors.</summary>
    public static async Task<string[]> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Host, script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
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
