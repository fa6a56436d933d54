using System.Diagnostics;
using QwenEdit.Editing;
using QwenEdit.Emulator.Records;
using QwenEdit.Files;
using QwenEdit.Journal;
using QwenEdit.Segmind.Http;
using QwenEdit.Tests.Crash.Support;
using QwenEdit.Tests.Journal;
using Xunit.Abstractions;

namespace QwenEdit.Tests.Crash;

/// <summary>A command whose edits are all done is run again, and what the journal costs an edit that is not.</summary>
public sealed class FinishedEditsTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_re_run_over_finished_edits_sends_nothing_and_reads_no_image()
    {
        int images = LongTests.Choose(10_000, 500);
        await using CrashFixture fixture = await CrashFixture.StartAsync(images, bytes: 1000);
        Finish(fixture);

        var watch = Stopwatch.StartNew();
        EndedProcess run = await fixture.RunAsync();

        output.WriteLine($"{images} finished edits: {watch.Elapsed.TotalSeconds:0.0} s, the start of the process included.");
        Assert.Empty(run.Errors);
        Assert.Equal(images, run.Count(EditOutcome.Skipped));
        // The remembered hashes are not those of the images: whoever read one would take it for another image, and send it.
        Assert.Empty(fixture.Service.Ledger.Requests);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void The_journal_costs_an_edit_a_few_commits()
    {
        const int Edits = 200;
        string folder = Directory.CreateTempSubdirectory("qwenedit-journal-").FullName;
        try
        {
            using OpenJournal journal = new(Path.Combine(folder, "journal.db"));
            var watch = Stopwatch.StartNew();
            for (int number = 0; number < Edits; number++)
            {
                Finish(journal, OpenJournal.Edit($"{number}"), new FileRecord(1, 1, "hash"), $"{number}");
            }

            double milliseconds = watch.Elapsed.TotalMilliseconds / Edits;
            output.WriteLine($"{milliseconds:0.00} ms an edit, each of its commits on the disk.");
            // Against the seconds that an edit takes.
            Assert.InRange(milliseconds, 0, 1000);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // As an earlier run would have left it, but for hashes that are none.
    private static void Finish(CrashFixture fixture)
    {
        using OpenJournal journal = new(fixture.Journal);
        ImageHashes hashes = new(journal.Store);
        ImageHasher hasher = new(hashes);
        Uri endpoint = SegmindEndpoint.Parse(fixture.Service.Endpoint.AbsoluteUri).Root;
        Directory.CreateDirectory(fixture.Results);
        foreach (string source in fixture.Sources)
        {
            string destination = fixture.ResultOf(source);
            File.Copy(source, destination);
            FileInfo result = new(destination);
            PreparedEdit edit = PreparedEdit.Prepare(new EditRequest { Path = source, Destination = destination, Prompt = "Proof" });
            SourceImage image = edit.Image!;
            hashes.Remember(image.Path, image.Length, image.Time, image.Number, $"not the hash of {image.Path}");
            string name = hasher.WithHash(edit, CancellationToken.None).IdentityAt(endpoint);
            EditEntry entry = OpenJournal.Edit(name) with { Source = source, Destination = destination, Endpoint = endpoint.AbsoluteUri };
            Finish(journal, entry, new FileRecord(result.Length, result.LastWriteTimeUtc.Ticks, "not its hash"), name);
        }
    }

    private static void Finish(OpenJournal journal, EditEntry fresh, FileRecord file, string requestId)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        Assert.True(journal.Edits.TryClaim(fresh, out EditEntry entry, out _));
        journal.Edits.Submitting(entry, 1, now);
        journal.Edits.Submitted(entry, requestId, now);
        journal.Edits.Completed(entry, now, "https://images.segmind.com/a.png", 0.01m, 1, 0.1, 1);
        journal.Edits.Writing(entry, file);
        journal.Edits.Received(entry, file);
        journal.Edits.Release(entry);
    }
}
