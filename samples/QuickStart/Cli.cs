using QuickStart.Hosting;

namespace QuickStart;

/// <summary>The program: what its arguments ask for, done against an emulator of the service.</summary>
internal static class Cli
{
    /// <summary>The exit code of PowerShell itself for a command line that makes no sense.</summary>
    private const int Misused = 64;

    private const string Help = """
        QwenEdit without a key: scripts run in PowerShell against an emulator of Segmind on
        this machine. Nothing is sent to Segmind, and nothing is billed.

        Usage, from the root of the repository:
          dotnet run --project samples/QuickStart
              Draws a few posters into ./quickstart-images and runs quickstart.ps1 of the
              sample on them, statement by statement. Files of an earlier run are overwritten.

          dotnet run --project samples/QuickStart -- <script.ps1> [<arguments>]
              Runs your own script in the current folder. Arguments are given as to any
              script: -Name value, -Switch, value.

          dotnet run --project samples/QuickStart -- -Command "<commands>"
              Runs commands in the current folder. Short: -c.

          dotnet run --project samples/QuickStart -- --help
              Prints this text. Short: -h, -?.

        SEGMIND_ENDPOINT, SEGMIND_HISTORY_ENDPOINT, SEGMIND_API_KEY and QWENEDIT_JOURNAL are set
        for the scripts. Each run has a new account with 100 credits and an empty journal. An
        edit takes about 2 seconds.

        Commands there are: the cmdlets of QwenEdit; PowerShell's language and its core
        commands, such as ForEach-Object, Where-Object, Get-Command and Get-Help; and simple
        forms of Get-ChildItem, Import-Csv, Select-Object and Write-Host. For all the others,
        start the emulator by itself and use PowerShell:
          dotnet run --project src/QwenEdit.Emulator

        Exit code: that of the script's `exit`; 1 after an error that ended the script; 130
        after Ctrl+C; 64 if the arguments make no sense; otherwise 0.
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        using StopSignal stop = new();
        try
        {
            switch (args)
            {
                case []:
                    await using (OfflineSegmind segmind = await OfflineSegmind.StartAsync(stop.Token))
                    {
                        return Tour.Run(segmind.Emulator, stop.Token);
                    }

                case ["--help" or "-h" or "-?" or "/?" or "-Help"]:
                    Console.WriteLine(Help);
                    return 0;
                case [var option, var first, .. var rest] when Is(option, "-Command", "-c"):
                    return await RunAsync(string.Join(' ', [first, .. rest]), stop.Token);
                case [var script, .. var rest] when !script.StartsWith('-') && File.Exists(script):
                    return await RunAsync(ScriptFile.Call(Path.GetFullPath(script), rest), stop.Token);
                default:
                    await Console.Error.WriteLineAsync(args[0].StartsWith('-')
                        ? $"{string.Join(' ', args)}: not understood. --help lists what is."
                        : $"There is no script {Path.GetFullPath(args[0])}.");
                    return Misused;
            }
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return ConsoleSession.Interrupted;
        }
    }

    private static async Task<int> RunAsync(string script, CancellationToken stop)
    {
        await using OfflineSegmind segmind = await OfflineSegmind.StartAsync(stop);
        using ConsoleSession session = new(ScriptRunspace.OpenWithModule);
        return session.Run(script, stop);
    }

    private static bool Is(string option, params string[] names) => names.Contains(option, StringComparer.OrdinalIgnoreCase);
}
