using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Help;

/// <summary>
/// Where the examples of the help run, each in a place of its own: some images, a table of edits, and a journal with an edit that was received,
/// one at the service and one that failed.
/// </summary>
internal sealed class ExampleScene : RunTest
{
    /// <summary>The id that examples use; the job at the service has another.</summary>
    private const string WrittenId = "0b8e2f4c-5d1a-4c7e-9f36-a1d2c3b4e5f6";

    /// <summary>Runs an example, and says what is wrong with it.</summary>
    /// <returns>Nothing if it ran without an error and did something that can be seen.</returns>
    internal static async Task<string?> TryAsync(string example, bool withExpired)
    {
        ExampleScene scene = new();
        await scene.InitializeAsync();
        try
        {
            await scene.PrepareAsync(withExpired);
            string script = example
                .Replace(WrittenId, scene.Emulator.Ledger.Jobs[1].RequestId, StringComparison.Ordinal);
            string before = scene.State();
            ScriptRun run = await scene.RunAsync(script);
            return run.TerminatingError is { } end ? $"{end.FullyQualifiedErrorId}: {end}"
                : run.Errors is [var error, ..] ? $"{error.FullyQualifiedErrorId}: {error}"
                : run.Output.Count == 0 && !example.Contains("-WhatIf", StringComparison.Ordinal) && scene.State() == before ? "it does nothing"
                : null;
        }
        finally
        {
            await scene.DisposeAsync();
        }
    }

    private async Task PrepareAsync(bool withExpired)
    {
        // Nobody is there to confirm.
        Host.Set("ConfirmPreference", "None");
        Folder.Images("sale.png", "summer.png", "harbour.jpg", "jazz.jpg");
        Folder.Text("edits.csv", """
            Path,Prompt,Seed
            sale.png,"Change '早茶' to '晚茶', and 'MORNING' to 'EVENING'",
            harbour.jpg,Make it night,42
            """);
        (await RunAsync(MissingCommands.Script)).WithoutErrors();
        (await RunAsync("""
            Invoke-QwenImageEdit sale.png 'Make it red' -DestinationPath red
            Submit-QwenImageEdit harbour.jpg 'Make it red' -DestinationPath red
            """)).WithoutErrors();
        await RunAsync("Invoke-QwenImageEdit summer.png 'emulate:fail' -DestinationPath red");
        if (withExpired)
        {
            (await RunAsync("Submit-QwenImageEdit jazz.jpg 'emulate:expired' -DestinationPath red")).WithoutErrors();
            MakeOlder(TimeSpan.FromMinutes(2));
            await RunAsync("Invoke-QwenImageEdit jazz.jpg 'emulate:expired' -DestinationPath red");
        }
    }

    // What a script can change: files, the service's jobs, the journal.
    private string State() => string.Join('\n', (IEnumerable<object?>)
    [
        .. Folder.Files,
        Emulator.Ledger.Jobs.Count,
        .. Host.Run("Get-QwenEditJob").Output,
        Host.Run("Get-QwenEditRun").Output.Count,
    ]);
}
