using System.Diagnostics;

namespace QwenEdit.Tests.Support;

/// <summary>The PowerShell of <c>.config/dotnet-tools.json</c>, which is the same on every machine.</summary>
internal static class PowerShellTool
{
    private static readonly string Path = BuildMetadata.Get("PowerShell");

    /// <summary>Describes a new shell without a profile and without anybody to ask. Killing its process kills the shell.</summary>
    /// <param name="arguments">Further arguments of <c>pwsh</c>, such as <c>-File</c> and a path.</param>
    internal static ProcessStartInfo Describe(params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path, "-NoProfile", "-NonInteractive", .. arguments]);
        // pwsh would report its use to its maker, and look for a newer version of itself.
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        return start;
    }
}
