using QwenEdit.Journal;

namespace QwenEdit.Tests.RateLimiting;

/// <summary>When requests were allowed to leave, and until when they were held up, in the order in which a journal's processes agreed on it.</summary>
/// <remarks>The journal itself keeps turns for a minute only. Arrivals at the service come later, by as much as the machine is busy.</remarks>
internal sealed class RecordedTurns : IDisposable
{
    private readonly JournalStore _store;

    internal RecordedTurns(string journal)
    {
        _store = JournalStore.Open(journal);
        _store.WriteSoon(connection => connection.Execute(
            """
            CREATE TABLE recorded (id INTEGER PRIMARY KEY, sent INTEGER, limited_at INTEGER, paused_until INTEGER);
            CREATE TRIGGER record_request AFTER INSERT ON rate_limit_request
            BEGIN INSERT INTO recorded (sent) VALUES (NEW.sent); END;
            CREATE TRIGGER record_state AFTER INSERT ON rate_limit WHEN NEW.limited_at > 0
            BEGIN INSERT INTO recorded (limited_at, paused_until) VALUES (NEW.limited_at, NEW.paused_until); END;
            """));
    }

    /// <summary>The turns in order, each with the state that was known when it was taken: 0 and 0 before the first refusal.</summary>
    internal IReadOnlyList<(long Sent, long LimitedAt, long PausedUntil)> Read()
    {
        List<(long Sent, long LimitedAt, long PausedUntil)> turns = [];
        (long limitedAt, long pausedUntil) = (0, 0);
        foreach (long[] row in _store.Read(connection => connection.Query(
            "SELECT ifnull(sent, 0), ifnull(limited_at, 0), ifnull(paused_until, 0) FROM recorded ORDER BY id",
            row => new[] { row.GetInt64(0), row.GetInt64(1), row.GetInt64(2) })))
        {
            if (row[0] == 0)
            {
                (limitedAt, pausedUntil) = (row[1], row[2]);
            }
            else
            {
                turns.Add((row[0], limitedAt, pausedUntil));
            }
        }

        return turns;
    }

    public void Dispose() => _store.Dispose();
}
