using QwenEdit.Emulator;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Crash.Support;

/// <summary>Goes by the service's books, the folder of results and what the module says of its journal.</summary>
internal sealed class Judge(Scene scene)
{
    /// <summary>At any time: what has a final name is whole.</summary>
    internal void FindsNoHalfFile()
    {
        foreach (string path in Files().Where(path => !IsTemporary(path)))
        {
            string source = Path.Combine(scene.Images, Path.GetFileName(path));
            Assert.True(File.Exists(source), $"{path} is of no image.");
            Assert.True(Scene.HashOf(source) == Scene.HashOf(path), $"{path} is not whole: {new FileInfo(path).Length} bytes.");
        }
    }

    /// <summary>At any time: no image has two jobs.</summary>
    internal void FindsNoSecondBill()
    {
        foreach (IGrouping<object, LedgerJob> edit in scene.Service.Ledger.Jobs
            .Where(job => job.State != JobState.Failed)
            .GroupBy(job => (object)(job.ImageSha256, job.Model, job.Prompt, job.Steps, job.Guidance, job.Seed, job.ImageFormat, job.Quality)))
        {
            Assert.True(edit.Count() == 1, $"Billed {edit.Count()} times: {edit.Key}");
        }
    }

    /// <summary>When the command has run to its end: what was paid for is there, or listed as unknown; and nothing else is.</summary>
    /// <returns>How many edits are listed as unknown.</returns>
    internal int FindsNothingLost()
    {
        FindsNoHalfFile();
        FindsNoSecondBill();
        Assert.DoesNotContain(Files(), IsTemporary);

        HashSet<string> unknown = Listed(EditState.Unknown);
        Dictionary<string, string> sources = scene.Sources.ToDictionary(Scene.HashOf);
        foreach (LedgerJob job in scene.Service.Ledger.Jobs.Where(job => job.Billed > 0))
        {
            string source = sources[job.ImageSha256!];
            Assert.True(File.Exists(scene.ResultOf(source)) || unknown.Contains(source), $"Paid for and lost: {source}, request {job.RequestId}");
        }

        foreach (string source in scene.Sources)
        {
            Assert.True(File.Exists(scene.ResultOf(source)) != unknown.Contains(source), $"Neither there nor listed as unknown, or both: {source}");
        }

        return unknown.Count;
    }

    private HashSet<string> Listed(EditState state)
    {
        using PowerShellHost host = PowerShellHost.Open();
        return [.. host
            .Set("journal", scene.Journal)
            .Set("state", state.ToString())
            .Run("Get-QwenEditJob -JournalPath $journal -Status $state")
            .WithoutErrors()
            .Values("Source")
            .Cast<string>()];
    }

    private string[] Files() => Directory.Exists(scene.Results) ? Directory.GetFiles(scene.Results) : [];

    private static bool IsTemporary(string path) => Path.GetFileName(path).StartsWith(".qwenedit-", StringComparison.Ordinal);
}
