using Microsoft.Data.Sqlite;
using QwenEdit.Journal;
using SQLitePCL;

namespace QwenEdit.Tests.Journal;

/// <summary>A journal may have the edits of years.</summary>
public sealed class LongJournalTests : IDisposable
{
    private const int Many = 1234;

    private readonly string _folder = Directory.CreateTempSubdirectory("qwenedit-journal-").FullName;
    private readonly OpenJournal _journal;

    public LongJournalTests()
    {
        _journal = new OpenJournal(Path.Combine(_folder, "journal.db"));
        _journal.Take();
        _journal.Store.Write(connection => connection.Execute(
            $"""
            WITH RECURSIVE number (value) AS (SELECT 2 UNION ALL SELECT value + 1 FROM number WHERE value < {Many})
            INSERT INTO edit (identity, state, source, destination, endpoint, model, prompt, fields, seed, image_format, created)
            SELECT value, CASE value % 100 WHEN 0 THEN 'Failed' ELSE 'Received' END, '/images/' || value || '.png', '/results/' || value || '.png',
                endpoint, model, prompt, fields, seed, image_format, value * 1000
            FROM number JOIN edit
            """));
    }

    public void Dispose()
    {
        _journal.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void All_its_edits_are_listed_in_their_order() => Assert.Equal(Enumerable.Range(1, Many).Select(id => (long)id), List());

    [Fact]
    public void Filters_hold_on_every_page()
    {
        Assert.Equal(12, List([EditState.Failed]).Count());
        Assert.Equal([1200L, 1201L], List(since: DateTimeOffset.FromUnixTimeSeconds(1200)).Take(2));
        Assert.Equal([7L, 1007L], List(source: source => source.EndsWith("/7.png", StringComparison.Ordinal) || source.EndsWith("/1007.png", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_forgotten_or_added_while_it_is_listed_is_not_listed()
    {
        List<long> listed = [];
        foreach (EditEntry entry in _journal.Edits.Select(null, null))
        {
            listed.Add(entry.Id);
            if (entry.Id == 10)
            {
                _journal.Store.Write(connection => connection.Execute("DELETE FROM edit WHERE id BETWEEN 900 AND 999"));
            }

            _journal.Take($"another of {entry.Id}");
        }

        Assert.Equal(Enumerable.Range(1, Many).Where(id => id is < 900 or > 999).Select(id => (long)id), listed);
    }

    // A plan that scans the table costs more for each edit, the more there are.
    [Fact]
    public void What_an_edit_asks_it_is_found_by_an_index()
    {
        List<string> asked = [];
        _journal.Store.Read(connection =>
        {
            raw.sqlite3_trace(connection.Handle, (_, sql) => asked.Add(sql), null);
            return 0;
        });

        EditEntry entry = _journal.Take("one more");
        _journal.Edits.Submitting(entry, 7, DateTimeOffset.UnixEpoch);
        _journal.Edits.Submitted(entry, "job", DateTimeOffset.UnixEpoch);
        _journal.Edits.Completed(entry, DateTimeOffset.UnixEpoch, null, 0.01m, 1, 1, 1);
        _journal.Edits.Writing(entry, new FileRecord(1, 2, "hash"));
        _journal.Edits.Received(entry, new FileRecord(1, 2, "hash"));
        _journal.Edits.Release(entry);
        _ = _journal.Edits.Find(entry.Identity);
        _ = _journal.Edits.Find(entry.Id);
        _ = _journal.Edits.FindByRequest("job");
        _ = _journal.Edits.CountJobs(entry.Endpoint, DateTimeOffset.UnixEpoch);
        _ = _journal.Edits.RecentCost(entry.Endpoint, entry.Model);
        _ = _journal.Edits.Unfinished();
        _ = new AccountJournal(_journal.Store, _journal.Presence, entry.Endpoint, "account").Unanswered();
        _ = new LatencyJournal(_journal.Store, entry.Endpoint).Recent(entry.Model, 20);
        RunJournal runs = new(_journal.Store, _journal.Presence);
        runs.Begin("Invoke-QwenImageEdit", DateTimeOffset.UnixEpoch);
        _ = runs.Select(null, 10);

        string[] statements = [.. asked.Where(sql => sql.Contains(" edit ", StringComparison.Ordinal) || sql.Contains(" charge ", StringComparison.Ordinal)).Distinct()];
        Assert.True(statements.Length > 15, string.Join("\n", asked));
        Assert.All(statements, sql => Assert.All(Plan(sql), step => Assert.False(step is "SCAN edit" or "SCAN charge", $"{sql}\n{step}")));
    }

    private IEnumerable<long> List(EditState[]? states = null, DateTimeOffset? since = null, Predicate<string>? source = null) =>
        _journal.Edits.Select(states, since, null, source).Select(entry => entry.Id);

    private List<string> Plan(string sql) => _journal.Store.Read(connection =>
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The module's own texts.
        command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
#pragma warning restore CA2100
        using SqliteDataReader reader = command.ExecuteReader();
        List<string> steps = [];
        while (reader.Read())
        {
            steps.Add(reader.GetString(3));
        }

        return steps;
    });
}
