using Microsoft.Data.Sqlite;

namespace QwenEdit.Journal;

/// <summary>Reads a run from its row.</summary>
internal static class RunRow
{
    /// <summary>The exit code of a run whose process was killed before it could set one: the same command should be run again.</summary>
    private const int RunAgain = 5;

    internal static EditRun Read(SqliteDataReader row) => new()
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
