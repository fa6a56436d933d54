using System.Diagnostics;

namespace QuickStart;

/// <summary>PowerShell itself, on this console, with the module imported and the emulator in place of Segmind.</summary>
internal sealed class Shell(OfflineSegmind segmind, Signals signals)
{
    private const int Interrupted = 130;

    // No profile: it may set the user's own key, endpoint or journal, and edits would then be billed.
    // Bypass: Windows would refuse the scripts and the module of a downloaded archive.
    private static readonly string[] Options = ["-NoLogo", "-NoProfile", "-ExecutionPolicy", "Bypass"];

    /// <summary>Runs a script or commands.</summary>
    /// <param name="arguments">Arguments of <c>pwsh</c>, passed on as they are.</param>
    /// <param name="folder">The folder to start in; the current one unless given.</param>
    /// <returns>The exit code of PowerShell, or 130 after Ctrl+C, for which PowerShell has 0 or 1.</returns>
    /// <exception cref="OperationCanceledException">Another signal ended it.</exception>
    public async Task<int> RunAsync(IEnumerable<string> arguments, string folder = "")
    {
        // The configuration imports the module, so that -File and -Command keep every detail: exit code, arguments, $PSCommandPath.
        int code = await StartAsync(["-ConfigurationFile", WriteConfiguration(), .. arguments], folder);
        return signals.Interrupted ? Interrupted : code;
    }

    /// <summary>Opens a prompt, which Ctrl+C does not end.</summary>
    /// <param name="folder">The folder to start in.</param>
    /// <returns>The exit code of PowerShell.</returns>
    /// <exception cref="OperationCanceledException">A signal other than Ctrl+C ended it.</exception>
    public Task<int> OpenPromptAsync(string folder) =>
        // With a configuration file PowerShell would not load PSReadLine.
        StartAsync(["-NoExit", "-Command", $"Import-Module {Quoted(Build.Module)}"], folder);

    private async Task<int> StartAsync(IEnumerable<string> arguments, string folder)
    {
        ProcessStartInfo start = new(Dotnet, [Build.PowerShell, .. Options, .. arguments]) { WorkingDirectory = folder };
        foreach ((string name, string value) in segmind.Environment)
        {
            start.Environment[name] = value;
        }

        // Jobs and parallel blocks have sessions of their own, which find the module here.
        start.Environment["PSModulePath"] = string.Join(
            Path.PathSeparator, [Path.GetDirectoryName(Path.GetDirectoryName(Build.Module)), .. Inherited("PSModulePath")]);
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        if (Console.IsOutputRedirected)
        {
            // PowerShell colours what it writes to a file or a pipe too.
            start.Environment["NO_COLOR"] = "1";
        }

        signals.Stop.ThrowIfCancellationRequested();
        signals.ShellRuns = true;
        try
        {
            using Process shell = Process.Start(start)!;
            return await WaitAsync(shell, signals.Stop);
        }
        finally
        {
            signals.ShellRuns = false;
        }
    }

    private static async Task<int> WaitAsync(Process shell, CancellationToken stop)
    {
        try
        {
            await shell.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            shell.Kill(entireProcessTree: true);
            await shell.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        return shell.ExitCode;
    }

    private string WriteConfiguration()
    {
        string path = Path.Combine(segmind.TemporaryFolder, "QuickStart.pssc");
        File.WriteAllText(path, $$"""@{ SchemaVersion = '2.0.0.0'; SessionType = 'Default'; ModulesToImport = {{Quoted(Build.Module)}} }""");
        return path;
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static IEnumerable<string> Inherited(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? [value] : [];

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path
        : Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet" ? Environment.ProcessPath!
        : "dotnet";
}
