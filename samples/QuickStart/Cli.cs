using QuickStart.Posters;

namespace QuickStart;

/// <summary>The program: what its arguments ask for, done against an emulator of the service.</summary>
internal static class Cli
{
    /// <summary>The exit code of PowerShell itself for a command line that makes no sense.</summary>
    private const int Misused = 64;

    private const string Help = """
        QwenEdit without a key: PowerShell, with the module imported and an emulator of Segmind
        on this machine. Nothing is sent to Segmind, and nothing is billed.

        Usage, from the root of the repository:
          dotnet run --project samples/QuickStart
              Draws a few posters into ./quickstart-images and runs quickstart.ps1 of the
              sample on them, statement by statement. Files of an earlier run are overwritten.

          dotnet run --project samples/QuickStart -- -Interactive
              Opens a prompt: in the current folder if it has images, otherwise in
              ./quickstart-images. `exit` leaves it.

          dotnet run --project samples/QuickStart -- <script.ps1> [<arguments>]
              Runs your own script in the current folder, as `pwsh -File` does.

          dotnet run --project samples/QuickStart -- -Command "<commands>"
              Runs commands in the current folder, as `pwsh -Command` does. Short: -c.

          dotnet run --project samples/QuickStart -- --help
              Prints this text. Short: -h, -?.

          dotnet run --project samples/QuickStart -- --readme-picture <file.png>
              Draws the picture of an edit in the README.

        The shell is the PowerShell of .config/dotnet-tools.json, without your profile, because
        that may set a real key. SEGMIND_ENDPOINT, SEGMIND_HISTORY_ENDPOINT, SEGMIND_API_KEY and
        QWENEDIT_JOURNAL are set for it. Each run has a new account with 100 credits and an empty
        journal. An edit takes about 2 seconds.

        Exit code: that of PowerShell; 130 after Ctrl+C; 64 if the arguments make no sense.
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        using Signals signals = new();
        try
        {
            switch (args)
            {
                case []:
                    return await InShellAsync(signals, (segmind, shell) => Tour.RunAsync(segmind, shell, signals.Stop));
                case [var option] when Is(option, "--help", "-h", "-?", "/?", "-Help"):
                    Console.WriteLine(Help);
                    return 0;
                case [var option] when Is(option, "-Interactive"):
                    return await InShellAsync(signals, (_, shell) => Prompt.RunAsync(shell, signals.Stop));
                case [var option, _, ..] when Is(option, "-Command", "-c"):
                    return await InShellAsync(signals, (_, shell) => shell.RunAsync(["-Command", .. args[1..]]));
                case ["--readme-picture", var file]:
                    ReadmePicture.Draw(file);
                    return 0;
                case [var script, ..] when !script.StartsWith('-') && File.Exists(script):
                    return await InShellAsync(signals, (_, shell) => shell.RunAsync(["-File", .. args]));
                default:
                    await Console.Error.WriteLineAsync(args[0].StartsWith('-')
                        ? $"""
                            Not understood: {string.Join(' ', args)}
                            Give a script with its arguments, -Command "<commands>", -Interactive, --help, or nothing.
                            """
                        : $"There is no script {Path.GetFullPath(args[0])}.");
                    return Misused;
            }
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return signals.ExitCode;
        }
    }

    private static async Task<int> InShellAsync(Signals signals, Func<OfflineSegmind, Shell, Task<int>> run)
    {
        await using OfflineSegmind segmind = await OfflineSegmind.StartAsync(signals.Stop);
        return await run(segmind, new Shell(segmind, signals));
    }

    private static bool Is(string option, params string[] names) => names.Contains(option, StringComparer.OrdinalIgnoreCase);
}
