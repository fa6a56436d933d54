using Microsoft.Data.Sqlite;

namespace QwenEdit.Journal;

/// <summary>The runs in the journal. A run whose process was killed has no end; its edits show how far it came.</summary>
internal sealed class RunJournal(JournalStore store, SessionLease session)
{
    /// <summary>The exit code of a run whose process was killed before it could set one: the same command should be run again.</summary>
    private const int RunAgain = 5;

    /// <summary>Records that a run has begun, and returns its id.</summary>
    internal long Begin(string command, DateTimeOffset now)
    {
        // WriteSoon is enough: the run's first paid edit is written durably, and the earlier writes with it.
        return store.WriteSoon(connection =>
        {
            session.RemoveEnded(connection);
            session.Appear(connection);
            return connection.Scalar(
                "INSERT INTO run (session, command, started) VALUES ($session, $command, $now) RETURNING id",
                ("$session", session.Token),
                ("$command", command),
                ("$now", now.ToUnixTimeMilliseconds()));
        });
    }

    /// <summary>Records how a run ended.</summary>
    internal void End(EditRun run) => store.Write(connection => connection.Execute(
        """
        UPDATE run SET ended = $ended, total = $total, submitted = $submitted, received = $received, skipped = $skipped, resumed = $resumed,
            failed = $failed, unknown = $unknown, expired = $expired, timed_out = $timedOut, not_received = $notReceived, busy = $busy,
            invalid_input = $invalidInput, left_out = $leftOut, not_submitted = $notSubmitted, cost = $cost, remaining_credits = $remaining, stopped_by = $stoppedBy, exit_code = $exitCode
        WHERE id = $id
        """,
        ("$id", run.RunId),
        ("$ended", run.EndedAt?.ToUnixTimeMilliseconds()),
        ("$total", run.Total),
        ("$submitted", run.Submitted),
        ("$received", run.Received),
        ("$skipped", run.Skipped),
        ("$resumed", run.Resumed),
        ("$failed", run.Failed),
        ("$unknown", run.Unknown),
        ("$expired", run.Expired),
        ("$timedOut", run.TimedOut),
        ("$notReceived", run.NotReceived),
        ("$busy", run.Busy),
        ("$invalidInput", run.InvalidInput),
        ("$leftOut", run.LeftOut),
        ("$notSubmitted", run.NotSubmitted),
        ("$cost", (double)run.Cost),
        ("$remaining", (double?)run.RemainingCredits),
        ("$stoppedBy", run.StoppedBy?.ToString()),
        ("$exitCode", run.ExitCode)));

    /// <summary>Returns one run by its id, or the most recent runs, the oldest first.</summary>
    internal IReadOnlyList<EditRun> Select(long? id, int last) => store.Read(connection => connection
        .Query(
            $"SELECT * FROM run {(id is null ? "" : "WHERE id = $id")} ORDER BY id DESC LIMIT $last",
            row => (Run: Read(row), Session: row.GetString(row.GetOrdinal("session"))),
            ("$id", id),
            ("$last", last))
        .Select(found => found.Run.EndedAt is null ? WithoutEnd(connection, found.Run, found.Session) : found.Run)
        .Reverse()
        .ToList());

    /// <summary>
    /// Returns the highest number of images per hour among the last ten runs that received twenty or more; <see langword="null"/> if there is none.
    /// </summary>
    internal int? ReceivedInAnHour() => store.Read(connection => connection
        .Query(
            """
            SELECT max((received + resumed) * 3600000 / max(ended - started, 1)) FROM
                (SELECT * FROM run WHERE received + resumed >= 20 ORDER BY id DESC LIMIT 10)
            """,
            row => row.IsDBNull(0) ? (int?)null : (int)Math.Min(row.GetInt64(0), int.MaxValue))
        .Single());

    private EditRun WithoutEnd(SqliteConnection connection, EditRun run, string token)
    {
        List<(string State, int Count, double Cost)> edits = connection.Query(
            "SELECT state, count(*), total(cost) FROM edit WHERE run = $run GROUP BY state",
            row => (row.GetString(0), row.GetInt32(1), row.GetDouble(2)),
            ("$run", run.RunId));
        int Of(params EditState[] states) => edits.Where(each => states.Any(state => state.ToString() == each.State)).Sum(each => each.Count);
        return run with
        {
            Status = session.IsAlive(connection, token) is null ? EditRunStatus.Interrupted : EditRunStatus.Running,
            Total = edits.Sum(each => each.Count),
            Submitted = Of(EditState.Queued, EditState.Processing, EditState.Completed, EditState.Writing),
            Received = Of(EditState.Received),
            Failed = Of(EditState.Failed, EditState.Rejected),
            Unknown = Of(EditState.Unknown, EditState.Submitting),
            Expired = Of(EditState.Expired),
            NotSubmitted = Of(EditState.Prepared),
            Cost = (decimal)edits.Sum(each => each.Cost),
        };
    }

    private static EditRun Read(SqliteDataReader row) => new()
    {
        RunId = row.GetInt64(row.GetOrdinal("id")),
        Command = row.GetString(row.GetOrdinal("command")),
        Status = Value<long>(row, "ended") is null ? EditRunStatus.Running : EditRunStatus.Ended,
        StartedAt = Time(row, "started")!.Value,
        EndedAt = Time(row, "ended"),
        Total = Count(row, "total"),
        Submitted = Count(row, "submitted"),
        Received = Count(row, "received"),
        Skipped = Count(row, "skipped"),
        Resumed = Count(row, "resumed"),
        Failed = Count(row, "failed"),
        Unknown = Count(row, "unknown"),
        Expired = Count(row, "expired"),
        TimedOut = Count(row, "timed_out"),
        NotReceived = Count(row, "not_received"),
        Busy = Count(row, "busy"),
        InvalidInput = Count(row, "invalid_input"),
        LeftOut = Count(row, "left_out"),
        NotSubmitted = Count(row, "not_submitted"),
        Cost = (decimal)(Value<double>(row, "cost") ?? 0),
        RemainingCredits = (decimal?)Value<double>(row, "remaining_credits"),
        StoppedBy = Enum.TryParse(row.GetValue(row.GetOrdinal("stopped_by")) as string, out EditRunStop stop) ? stop : null,
        ExitCode = (int)(Value<long>(row, "exit_code") ?? RunAgain),
    };

    private static int Count(SqliteDataReader row, string column) => (int)(Value<long>(row, column) ?? 0);

    private static T? Value<T>(SqliteDataReader row, string column)
        where T : struct => row.GetValue(row.GetOrdinal(column)) as T?;

    private static DateTimeOffset? Time(SqliteDataReader row, string column) =>
        Value<long>(row, column) is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
}
