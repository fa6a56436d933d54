using QuickStart.Posters;
using QwenEdit.Emulator.Records;

namespace QuickStart;

/// <summary>Draws the posters, runs quickstart.ps1 on them, and shows the results and their cost.</summary>
internal static class Tour
{
    /// <summary>Goes through the tour.</summary>
    /// <returns>The exit code of the shell.</returns>
    public static async Task<int> RunAsync(OfflineSegmind segmind, Shell shell, CancellationToken stop)
    {
        SampleFolder folder = new(Path.GetFullPath("quickstart-images"));
        folder.Fill(overwrite: true, stop);
        Console.WriteLine($"""
            Segmind is emulated at {segmind.Emulator.Endpoint}. Nothing leaves this machine,
            and nothing is billed. An emulated edit shifts the colours and adds the prompt.
            {Printer.All.Count} posters are drawn into {folder.Path}

            """);

        int code = await shell.RunAsync(["-File", Build.Beside("tour.ps1"), Build.Beside("quickstart.ps1")], folder.Path);
        if (code != 0)
        {
            return code;
        }

        string sheet = Path.Combine(folder.Path, "edited", "before-and-after.png");
        PairSheet.Draw(Pairs(segmind.Emulator.Ledger, folder, except: sheet), sheet, stop);
        Console.WriteLine(Summary(segmind.Emulator.Ledger, sheet));
        return 0;
    }

    /// <summary>Each edit's source and result, which are found by the hashes in the ledger.</summary>
    private static IEnumerable<Pair> Pairs(Ledger ledger, SampleFolder folder, string except)
    {
        Dictionary<string, string> files = folder.FilesByHash(except);
        foreach (LedgerJob job in ledger.Jobs)
        {
            if (files.TryGetValue(job.ImageSha256 ?? "", out string? before) && files.TryGetValue(job.OutputSha256 ?? "", out string? after))
            {
                yield return new Pair(before, after, job.Prompt);
            }
        }
    }

    private static string Summary(Ledger ledger, string sheet)
    {
        decimal billed = ledger.Billed;
        string module = Path.GetDirectoryName(Build.Module)!;
        return $"""
            Before and after: {sheet}
            The emulator's ledger: {ledger.Jobs.Count(job => job.Billed > 0)} edits billed, {billed:0.00##} credits.
            Its account had {OfflineSegmind.Credits:0.00} credits and has {OfflineSegmind.Credits - billed:0.00##}.

            Next: play at a prompt, without a key.
              {Build.RunCommand} -- -Interactive

            Next: install the module. Copy {module}
            into a folder of $env:PSModulePath, or in PowerShell:
              Import-Module '{module}'
            No PowerShell here yet? dotnet tool install --global PowerShell

            Next: edit for real, with a key from Segmind's console.
              $env:SEGMIND_API_KEY = 'SG_...'
              Invoke-QwenImageEdit quickstart-images/sale.png -Prompt "Change '1000$' to '5$'"
            """;
    }
}
