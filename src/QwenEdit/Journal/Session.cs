using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace QwenEdit.Journal;

/// <summary>Who a session is, for messages.</summary>
internal sealed record SessionFacts(string Machine, int ProcessId, string ProcessName);

/// <summary>
/// This call's presence in the journal. Others know by it whether the edits that it took are still being worked on: by the process' id and
/// start on the same machine, so that a dead owner is known at once and a reused id is not believed; by a heartbeat elsewhere.
/// </summary>
internal sealed class Session : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    // The start that a system reports can differ a little between two processes that ask.
    private static readonly TimeSpan StartTolerance = TimeSpan.FromSeconds(2);

    private readonly JournalStore _store;
    private readonly TimeProvider _time;
    private readonly object _start = new();
    private ITimer? _timer;

    internal Session(JournalStore store, TimeProvider time)
    {
        _store = store;
        _time = time;
    }

    /// <summary>This session's name.</summary>
    internal string Token { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Makes this session known, in the same commit as what it takes.</summary>
    internal void Appear(SqliteConnection connection) => connection.Execute(
        """
        INSERT OR IGNORE INTO session (token, machine, process_id, process_name, process_started, heartbeat)
        VALUES ($token, $machine, $id, $name, $started, $now)
        """,
        ("$token", Token),
        ("$machine", Environment.MachineName),
        ("$id", ThisProcess.Id),
        ("$name", ThisProcess.Name),
        ("$started", ThisProcess.Started),
        ("$now", Now));

    /// <summary>Forgets the sessions that were killed long ago and have left no edit behind.</summary>
    internal void ForgetOld(SqliteConnection connection) => connection.Execute(
        "DELETE FROM session WHERE heartbeat < $longAgo AND token NOT IN (SELECT owner FROM edit WHERE owner IS NOT NULL)",
        ("$longAgo", Now - (long)Memory.TotalMilliseconds));

    /// <summary>From now on, says every few seconds that it is there.</summary>
    internal void KeepAlive()
    {
        lock (_start)
        {
            _timer ??= _time.CreateTimer(_ => SayAlive(), null, Beat, Beat);
        }
    }

    /// <summary>Whether a session still works; if so, who it is.</summary>
    internal SessionFacts? IsAlive(SqliteConnection connection, string token) => connection
        .Query(
            "SELECT * FROM session WHERE token = $token",
            row => (
                Facts: new SessionFacts((string)row["machine"], (int)(long)row["process_id"], (string)row["process_name"]),
                Started: new DateTime((long)row["process_started"], DateTimeKind.Utc),
                Heartbeat: (long)row["heartbeat"]),
            ("$token", token))
        .Where(session => session.Facts.Machine == Environment.MachineName
            ? IsRunning(session.Facts.ProcessId, session.Started)
            : Now - session.Heartbeat < Silence.TotalMilliseconds)
        .Select(session => session.Facts)
        .FirstOrDefault();

    /// <summary>Whether nobody works for a session any more; this one is not gone.</summary>
    internal bool IsGone(SqliteConnection connection, string? token) =>
        token is null || (token != Token && IsAlive(connection, token) is null);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_timer is null)
        {
            return;
        }

        _timer.Dispose();
        try
        {
            _store.Write(connection => connection.Execute(
                EditOwnership.LetGo + "owner = $owner; DELETE FROM session WHERE token = $owner", ("$owner", Token), ("$now", Now)));
        }
        catch (QwenEditException)
        {
            // A full disk, say: the process' end says the same.
        }
    }

    /// <summary>When, at the latest, a session ended that is not alive any more; in milliseconds since 1970.</summary>
    internal long EndOf(SqliteConnection connection, string token) => connection
        .Query("SELECT heartbeat FROM session WHERE token = $token", row => row.GetInt64(0) + (long)Silence.TotalMilliseconds, ("$token", token))
        .Append(Now)
        .Min();

    /// <summary>The time, in milliseconds since 1970.</summary>
    internal long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private static (int Id, string Name, long Started) ThisProcess { get; } = ReadThisProcess();

    private static (int Id, string Name, long Started) ReadThisProcess()
    {
        using var process = Process.GetCurrentProcess();
        return (process.Id, process.ProcessName, process.StartTime.ToUniversalTime().Ticks);
    }

    private static bool IsRunning(int processId, DateTime started)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited && (process.StartTime.ToUniversalTime() - started).Duration() < StartTolerance;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Another user's process, which hides its start: it is there, and that must do.
            return true;
        }
    }

    private void SayAlive()
    {
        try
        {
            // Durable: until when a request may have been on its way is told by it.
            _store.Write(connection => connection.Execute("UPDATE session SET heartbeat = $now WHERE token = $token", ("$now", Now), ("$token", Token)));
        }
        catch (Exception exception) when (exception is QwenEditException or ObjectDisposedException or InvalidOperationException)
        {
            // The next beat may do better; on this machine the process itself is the proof of life.
        }
    }
}
