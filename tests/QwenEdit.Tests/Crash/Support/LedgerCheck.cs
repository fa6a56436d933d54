using QwenEdit.Commands.Parameters;
using QwenEdit.Emulator.Jobs;
using QwenEdit.Emulator.Records;
using QwenEdit.Journal;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Crash.Support;

/// <summary>Goes by the service's books, the folder of results and what the module says of its journal.</summary>
internal sealed class LedgerCheck(CrashFixture fixture)
{
    /// <summary>At any time: what has a final name is whole.</summary>
    internal void FindsNoHalfFile()
    {
        foreach (string path in Files().Where(path => !IsTemporary(path) && Path.GetFileName(path) != "filler"))
        {
            string source = Path.Combine(fixture.Images, Path.GetFileName(path));
            Assert.True(File.Exists(source), $"{path} is of no image.");
            Assert.True(CrashFixture.HashOf(source) == CrashFixture.HashOf(path), $"{path} is not whole: {new FileInfo(path).Length} bytes.");
        }
    }

    /// <summary>At any time: no image has two jobs.</summary>
    internal void FindsNoSecondBill()
    {
        foreach (IGrouping<object, LedgerJob> edit in fixture.Service.Ledger.Jobs
            .Where(job => job.State != JobState.Failed)
            .GroupBy(job => (object)(job.ImageSha256, job.Model, job.Prompt, job.Steps, job.Guidance, job.ImageFormat, job.Quality)))
        {
            Assert.True(edit.Count() == 1, $"Billed {edit.Count()} times: {edit.Key}");
        }
    }

    /// <summary>When the command has run to its end: what was paid for is there, or listed as unknown; and nothing else is.</summary>
    /// <param name="listedMayBeThere">Whether the journal may have missed that an image arrived, as it had no room to write it down.</param>
    /// <returns>How many edits are listed as unknown.</returns>
    internal int FindsNothingLost(bool listedMayBeThere = false)
    {
        FindsNoHalfFile();
        FindsNoSecondBill();
        Assert.DoesNotContain(Files(), IsTemporary);

        Dictionary<string, EditState> listed = Listed();
        HashSet<string> unknown = [.. listed.Where(edit => edit.Value == EditState.Unknown).Select(edit => edit.Key)];
        Dictionary<string, string> sources = fixture.Sources.ToDictionary(CrashFixture.HashOf);
        foreach (LedgerJob job in fixture.Service.Ledger.Jobs.Where(job => job.Billed > 0))
        {
            string source = sources[job.ImageSha256!];
            Assert.True(File.Exists(fixture.ResultOf(source)) || unknown.Contains(source), $"Paid for and lost: {source}, request {job.RequestId}, listed as {listed.GetValueOrDefault(source)}");
        }

        foreach (string source in fixture.Sources)
        {
            bool isThere = File.Exists(fixture.ResultOf(source));
            Assert.True(isThere || unknown.Contains(source), $"Neither there nor listed as unknown, but as {listed.GetValueOrDefault(source)}: {source}");
            Assert.True(!isThere || !unknown.Contains(source) || listedMayBeThere, $"There, and listed as unknown: {source}");
        }

        return unknown.Count;
    }

    // As a user would ask.
    private Dictionary<string, EditState> Listed()
    {
        using PowerShellHost host = PowerShellHost.Open();
        return host
            .Set("journal", fixture.Journal)
            .Run("Get-QwenEditJob -JournalPath $journal")
            .WithoutErrors()
            .Output
            .ToDictionary(job => (string)job.Properties["Source"].Value, job => Enum.Parse<EditState>(job.Properties["Status"].Value.ToString()!));
    }

    private string[] Files() => Directory.Exists(fixture.Results) ? Directory.GetFiles(fixture.Results) : [];

    private static bool IsTemporary(string path) => Path.GetFileName(path).StartsWith(".qwenedit-", StringComparison.Ordinal);
}
