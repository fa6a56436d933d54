using Microsoft.Data.Sqlite;

namespace QwenEdit.Journal;

/// <summary>
/// Where the processes of a journal keep one pace together. It has a connection of its own, whose commits wait for no disk: a pace is worth nothing
/// after a power cut, and must not hold up what is.
/// </summary>
/// <param name="path">The journal's full path.</param>
/// <param name="scope">Whose pace it is: a host and an account.</param>
/// <param name="window">For how long a request counts, in milliseconds.</param>
/// <param name="stopped">When the call is stopped.</param>
internal sealed class PaceBook(string path, string scope, long window, CancellationToken stopped = default) : IDisposable
{
    private JournalStore? _store;

    private JournalStore Store => _store ??= JournalStore.Open(path, stopped);

    /// <summary>What is known of the pace, but for the requests.</summary>
    internal PaceRow Read() => Store.Read(Row);

    /// <summary>Changes it in one transaction.</summary>
    /// <param name="clock">The time, which is asked for when it is this session's turn at the journal.</param>
    /// <param name="change">What is to be changed, at that time.</param>
    internal T Change<T>(Func<long> clock, Func<PaceRecord, long, T> change) => Store.WriteSoon(connection =>
    {
        long now = clock();
        // From an earlier start of the machine; it may have been just now.
        connection.Execute("UPDATE pace_request SET sent = $now WHERE scope = $scope AND sent > $now", ("$scope", scope), ("$now", now));
        connection.Execute("DELETE FROM pace_request WHERE scope = $scope AND sent <= $gone", ("$scope", scope), ("$gone", now - window));
        PaceRow row = Row(connection);
        PaceRecord record = new(
            row, connection.Query("SELECT sent FROM pace_request WHERE scope = $scope ORDER BY sent", each => each.GetInt64(0), ("$scope", scope)));
        T result = change(record, now);
        foreach (long sent in record.Added)
        {
            connection.Execute("INSERT INTO pace_request (scope, sent) VALUES ($scope, $sent)", ("$scope", scope), ("$sent", sent));
        }

        if (record.Row != row)
        {
            Write(connection, record.Row);
        }

        return result;
    });

    /// <inheritdoc/>
    public void Dispose() => _store?.Dispose();

    private PaceRow Row(SqliteConnection connection) => connection
        .Query(
            "SELECT paused_until, refusals, limited_at, met, rate, promise, promised_until FROM pace WHERE scope = $scope",
            row => new PaceRow
            {
                PausedUntil = row.GetInt64(0),
                Refusals = row.GetInt32(1),
                LimitedAt = row.GetInt64(2),
                Met = row.GetInt32(3),
                Rate = row.GetDouble(4),
                Promise = row.GetInt32(5),
                PromisedUntil = row.GetInt64(6),
            },
            ("$scope", scope))
        .FirstOrDefault() ?? new PaceRow();

    private void Write(SqliteConnection connection, PaceRow row) => connection.Execute(
        """
        INSERT OR REPLACE INTO pace (scope, paused_until, refusals, limited_at, met, rate, promise, promised_until)
        VALUES ($scope, $paused, $refusals, $limited, $met, $rate, $promise, $promised)
        """,
        ("$scope", scope),
        ("$paused", row.PausedUntil),
        ("$refusals", row.Refusals),
        ("$limited", row.LimitedAt),
        ("$met", row.Met),
        ("$rate", row.Rate),
        ("$promise", row.Promise),
        ("$promised", row.PromisedUntil));
}
