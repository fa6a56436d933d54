using Microsoft.Data.Sqlite;

namespace QwenEdit.Journal;

/// <summary>
/// Shares a rate limit between the processes of a journal. It has a connection of its own, whose commits don't wait for the disk: the state of a
/// rate limit is of no use after a power failure.
/// </summary>
/// <param name="path">The journal's full path.</param>
/// <param name="scope">The host and the account that the limit is for.</param>
/// <param name="window">How long a request counts, in milliseconds.</param>
/// <param name="stopped">When the call is stopped.</param>
internal sealed class RateLimitStore(string path, string scope, long window, CancellationToken stopped = default) : IDisposable
{
    private JournalStore? _store;

    private JournalStore Store => _store ??= JournalStore.Open(path, stopped);

    /// <summary>Reads the state, without the requests.</summary>
    internal RateLimitState Read() => Store.Read(ReadState);

    /// <summary>Changes the record in one transaction.</summary>
    /// <param name="clock">The time, which is read within the transaction.</param>
    /// <param name="change">Makes the change, at that time.</param>
    internal T Change<T>(Func<long> clock, Func<RateLimitRecord, long, T> change) => Store.WriteSoon(connection =>
    {
        long now = clock();
        // A time in the future is from an earlier start of the machine. The request may have left just now.
        connection.Execute("UPDATE rate_limit_request SET sent = $now WHERE scope = $scope AND sent > $now", ("$scope", scope), ("$now", now));
        connection.Execute("DELETE FROM rate_limit_request WHERE scope = $scope AND sent <= $gone", ("$scope", scope), ("$gone", now - window));
        RateLimitState state = ReadState(connection);
        // Otherwise it would apply when this start of the machine is as old.
        RateLimitRecord record = new(
            state.WithoutEarlierStart(now),
            connection.Query("SELECT sent FROM rate_limit_request WHERE scope = $scope ORDER BY sent", each => each.GetInt64(0), ("$scope", scope)));
        T result = change(record, now);
        foreach (long sent in record.Added)
        {
            connection.Execute("INSERT INTO rate_limit_request (scope, sent) VALUES ($scope, $sent)", ("$scope", scope), ("$sent", sent));
        }

        if (record.State != state)
        {
            Write(connection, record.State);
        }

        return result;
    });

    /// <inheritdoc/>
    public void Dispose() => _store?.Dispose();

    private RateLimitState ReadState(SqliteConnection connection) => connection
        .Query(
            "SELECT limited_at, paused_until, refusals, requests_per_minute, requests_per_minute_until FROM rate_limit WHERE scope = $scope",
            row => new RateLimitState
            {
                LimitedAt = row.GetInt64(0),
                PausedUntil = row.GetInt64(1),
                Refusals = row.GetInt32(2),
                RequestsPerMinute = row.GetInt32(3),
                RequestsPerMinuteUntil = row.GetInt64(4),
            },
            ("$scope", scope))
        .FirstOrDefault() ?? new RateLimitState();

    private void Write(SqliteConnection connection, RateLimitState state) => connection.Execute(
        """
        INSERT OR REPLACE INTO rate_limit (scope, limited_at, paused_until, refusals, requests_per_minute, requests_per_minute_until)
        VALUES ($scope, $limited, $paused, $refusals, $rpm, $until)
        """,
        ("$scope", scope),
        ("$limited", state.LimitedAt),
        ("$paused", state.PausedUntil),
        ("$refusals", state.Refusals),
        ("$rpm", state.RequestsPerMinute),
        ("$until", state.RequestsPerMinuteUntil));
}
