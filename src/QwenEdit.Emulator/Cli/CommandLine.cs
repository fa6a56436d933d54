using System.CommandLine;

namespace QwenEdit.Emulator.Cli;

/// <summary>The emulator as a program.</summary>
internal static class CommandLine
{
    public static Task<int> RunAsync(string[] args)
    {
        var settings = new Settings();
        var root = new RootCommand("""
            Segmind's qwen-image-edit-fast on this machine: real (if plain) edits, exact books, faults on demand. No key, no cost.
            The status page is at the API's address; README.md lists the test prompts and the control API.
            """);
        settings.AddTo(root);
        root.SetAction((parsed, cancellationToken) => ServeAsync(settings.Read(parsed), cancellationToken));
        return root.Parse(args).InvokeAsync();
    }

    private static async Task<int> ServeAsync(EmulatorOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await using var emulator = await SegmindEmulator.StartAsync(options, cancellationToken);
            Banner.Write(Console.Out, emulator, options);
            await WaitForStopAsync(cancellationToken);
            return 0;
        }
        catch (IOException error)
        {
            await Console.Error.WriteLineAsync($"{error.Message} Use another port, or 0 for a free one.");
            return 1;
        }
    }

    private static async Task WaitForStopAsync(CancellationToken cancellationToken)
    {
        var stop = new TaskCompletionSource();
        await using var registration = cancellationToken.Register(stop.SetResult);
        await stop.Task;
    }
}
