using Microsoft.Data.Sqlite;
using QwenEdit.Commands.Parameters;
using QwenEdit.Editing;
using QwenEdit.Journal;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Journal;

/// <summary>A journal of an earlier version keeps all that it knows.</summary>
public sealed class JournalMigrationTests : IDisposable
{
    /// <summary>The tables as the first version made them.</summary>
    private const string Version1 = """
        CREATE TABLE session (
            token TEXT PRIMARY KEY, machine TEXT NOT NULL, process_id INTEGER NOT NULL, process_name TEXT NOT NULL,
            process_started INTEGER NOT NULL, heartbeat INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE edit (
            id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE, state TEXT NOT NULL, owner TEXT, source TEXT NOT NULL, destination TEXT NOT NULL,
            endpoint TEXT NOT NULL, model TEXT NOT NULL, prompt TEXT NOT NULL, fields TEXT NOT NULL, seed INTEGER NOT NULL, image_format TEXT NOT NULL,
            request_id TEXT, created INTEGER NOT NULL, submitting INTEGER, submitted INTEGER, ended INTEGER, cost REAL, remaining_credits REAL,
            queue_seconds REAL, inference_seconds REAL, output_url TEXT, file_length INTEGER, file_time INTEGER, file_hash TEXT, error TEXT
        );
        CREATE UNIQUE INDEX edit_request ON edit (request_id) WHERE request_id IS NOT NULL;
        CREATE INDEX edit_unfinished ON edit (submitted) WHERE state NOT IN ('Received', 'Failed', 'Rejected');
        CREATE TABLE image_hash (path TEXT PRIMARY KEY, length INTEGER NOT NULL, time INTEGER NOT NULL, hash TEXT NOT NULL) WITHOUT ROWID;
        INSERT INTO edit (identity, state, source, destination, endpoint, model, prompt, fields, seed, image_format, request_id, created, submitted)
        VALUES ('abc', 'Queued', '/a.png', '/a-edited.png', 'https://api.segmind.com/', 'qwen-image-edit-fast', 'Blue', '{}', 7, 'Png', 'id-1', 1000, 2000);
        PRAGMA application_id = 1364673860;
        PRAGMA user_version = 1;
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_journal_without_runs_gets_them_and_keeps_its_edits()
    {
        using OfflineJournal book = new(EarlierJournal(), TimeProvider.System);

        EditJob job = Assert.Single(book.Select(null, null, null));
        Assert.Equal(("id-1", EditState.Queued, 7L, (long?)null), (job.RequestId, job.Status, job.Seed, job.RunId));
        Assert.Empty(book.LastRuns(10));
    }

    [Fact]
    public void An_edit_of_a_journal_without_uploads_has_none_and_keeps_its_next_one()
    {
        using JournalStore store = JournalStore.Open(EarlierJournal());
        using SessionLease session = new(store, TimeProvider.System);
        EditJournal edits = new(store, session);

        EditEntry known = edits.FindByRequest("id-1")!;
        Assert.Null(known.ImageUrl);
        Assert.True(edits.TryClaim(known.Id, out EditEntry entry, out _));
        edits.Uploaded(entry, "https://images.example/a.png");

        Assert.Equal(entry with { ImageUrl = "https://images.example/a.png" }, edits.Find(known.Id));
    }

    [Fact]
    public void An_unknown_edit_of_an_earlier_journal_leaves_its_request_behind_when_it_is_removed()
    {
        string path = EarlierJournal("""
            INSERT INTO edit (identity, state, source, destination, endpoint, model, prompt, fields, seed, image_format, created, submitting)
            VALUES ('def', 'Unknown', '/b.png', '/b-edited.png', 'https://api.segmind.com/', 'qwen-image-edit-fast', 'Blue', '{}', 8, 'Png', 1000, 2000)
            """);
        using JournalStore store = JournalStore.Open(path);
        using SessionLease session = new(store, TimeProvider.System);
        EditJournal edits = new(store, session);

        edits.Remove(edits.Find("def")!);

        var sent = DateTimeOffset.FromUnixTimeMilliseconds(2000);
        List<EditEntry> lost = [];
        Assert.Equal(1, new AccountJournal(store, session, "https://api.segmind.com/", "any").Nameless(sent, sent, lost.Add));
        Assert.Equal(("def", 8L, sent), (lost[0].Identity, lost[0].Seed, lost[0].Submitting));
    }

    [Fact]
    public void Runs_are_numbered_from_one_and_come_back_as_they_were()
    {
        using JournalStore store = JournalStore.Open(_folder["journal.db"]);
        using SessionLease session = new(store, TimeProvider.System);
        RunJournal runs = new(store, session);
        DateTimeOffset start = DateTimeOffset.FromUnixTimeMilliseconds(1_000_000);
        EditRun run = new()
        {
            RunId = runs.Begin("Invoke-QwenImageEdit", start),
            Command = "Invoke-QwenImageEdit",
            Status = EditRunStatus.Ended,
            StartedAt = start,
            EndedAt = start.AddSeconds(90),
            Total = 78,
            Submitted = 1,
            Received = 2,
            Skipped = 3,
            Resumed = 4,
            Failed = 5,
            Unknown = 6,
            Expired = 7,
            TimedOut = 8,
            NotReceived = 13,
            Busy = 9,
            InvalidInput = 10,
            LeftOut = 12,
            NotSubmitted = 11,
            Cost = 0.025m,
            RemainingCredits = 99.5m,
            StoppedBy = EditRunStop.MaxCost,
            ExitCode = 8,
        };

        Assert.Equal(EditRunStatus.Running, Assert.Single(runs.Select(1, 1)).Status);
        runs.End(run);

        Assert.Equal(run, Assert.Single(runs.Select(null, 10)));
        Assert.Equal(TimeSpan.FromSeconds(90), run.Duration);
    }

    private string EarlierJournal(string more = "")
    {
        string path = _folder["journal.db"];
        using SqliteConnection connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        connection.Execute(Version1 + more);
        return path;
    }
}
