using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace QwenEdit.Journal;

/// <summary>Who a session is, for messages.</summary>
internal sealed record SessionOwner(string Machine, int ProcessId, string ProcessName);

/// <summary>
/// One call's use of the journal. Other sessions know by its <see cref="SessionLockFile"/> whether the edits that it took are still being worked on.
/// </summary>
internal sealed class SessionLease(JournalStore store, TimeProvider time) : IDisposable
{
    private readonly object _turn = new();
    private SessionLockFile? _file;
    private bool _hasAppeared;

    /// <summary>This session's name.</summary>
    internal string Token => File.Token;

    /// <summary>The file by which this session is known to be alive. It is created and locked when it is first asked for.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.JournalUnavailable"/>: locks don't work there.</exception>
    internal SessionLockFile File
    {
        get
        {
            lock (_turn)
            {
                return _file ??= SessionLockFile.Create(store.Path);
            }
        }
    }

    /// <summary>The time, in milliseconds since 1970.</summary>
    internal long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static (int Id, string Name) ThisProcess { get; } = ReadThisProcess();

    /// <summary>Makes this session known, in the same commit as what it takes.</summary>
    internal void Appear(SqliteConnection connection)
    {
        connection.Execute(
            "INSERT OR IGNORE INTO session (token, machine, process_id, process_name) VALUES ($token, $machine, $id, $name)",
            ("$token", Token),
            ("$machine", Environment.MachineName),
            ("$id", ThisProcess.Id),
            ("$name", ThisProcess.Name));
        _hasAppeared = true;
    }

    /// <summary>Removes the sessions that have ended and have left no edit behind, with their files.</summary>
    internal void RemoveEnded(SqliteConnection connection)
    {
        HashSet<string> owners = [.. connection.Query("SELECT DISTINCT owner FROM edit WHERE owner IS NOT NULL", row => row.GetString(0)), Token];
        foreach (string token in connection.Query("SELECT token FROM session", row => row.GetString(0)))
        {
            if (!owners.Contains(token) && !SessionLockFile.IsLocked(store.Path, token))
            {
                connection.Execute("DELETE FROM session WHERE token = $token", ("$token", token));
            }
        }

        SessionLockFile.RemoveLeftovers(store.Path, owners);
    }

    /// <summary>Whether a session still works.</summary>
    internal bool IsAlive(string token)
    {
        // Another's lock is believed only where this session's own lock was seen to work.
        _ = File;
        return SessionLockFile.IsLocked(store.Path, token);
    }

    /// <summary>Whether a session still works; if so, who it is.</summary>
    internal SessionOwner? IsAlive(SqliteConnection connection, string token)
    {
        return connection
            .Query(
                "SELECT * FROM session WHERE token = $token",
                row => new SessionOwner((string)row["machine"], (int)(long)row["process_id"], (string)row["process_name"]),
                ("$token", token))
            .FirstOrDefault(_ => IsAlive(token));
    }

    /// <summary>Whether nobody works for a session any more; this one is not gone.</summary>
    internal bool IsGone(SqliteConnection connection, string? token) =>
        token is null || (token != Token && IsAlive(connection, token) is null);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_hasAppeared)
        {
            LetGo();
        }

        lock (_turn)
        {
            _file?.Dispose();
        }
    }

    private void LetGo()
    {
        _hasAppeared = false;
        try
        {
            store.Write(connection => connection.Execute(
                EditOwnership.LetGo + "owner = $owner; DELETE FROM session WHERE token = $owner", ("$owner", Token), ("$now", Now)));
        }
        catch (QwenEditException)
        {
            // A full disk, say: the end of the lock says the same.
        }
    }

    private static (int Id, string Name) ReadThisProcess()
    {
        using var process = Process.GetCurrentProcess();
        return (process.Id, process.ProcessName);
    }
}
