using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace QwenEdit.Journal;

/// <summary>Identifies a session in messages.</summary>
internal sealed record SessionOwner(string Machine, int ProcessId, string ProcessName);

/// <summary>
/// The use of the journal by one call. Its <see cref="SessionLockFile"/> shows other sessions whether the edits that it has claimed are still in
/// progress.
/// </summary>
internal sealed class SessionLease(JournalStore store, TimeProvider time) : IDisposable
{
    /// <summary>The longest that a request may be on its way, as no -TimeoutSec is longer.</summary>
    private static readonly TimeSpan LongestRequest = TimeSpan.FromHours(1);

    private readonly object _lock = new();
    private SessionLockFile? _file;
    private bool _hasAppeared;

    /// <summary>The name of this session.</summary>
    internal string Token => File.Token;

    /// <summary>The file that shows that this session is alive. It is created and locked at its first use.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.JournalUnavailable"/>: locks don't work in the journal's folder.</exception>
    internal SessionLockFile File
    {
        get
        {
            lock (_lock)
            {
                return _file ??= SessionLockFile.Create(store.Path);
            }
        }
    }

    /// <summary>The time, in milliseconds since 1970.</summary>
    internal long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static (int Id, string Name) ThisProcess { get; } = ReadThisProcess();

    /// <summary>Adds this session to the journal, in the same transaction as its first claim.</summary>
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

    /// <summary>Removes ended sessions that own no edit, and their files.</summary>
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

    /// <summary>Whether a session is alive.</summary>
    internal bool IsAlive(string token)
    {
        // Creates this session's own file first, which checks that locks work here.
        _ = File;
        return SessionLockFile.IsLocked(store.Path, token);
    }

    /// <summary>Returns the owner of a session that is alive; otherwise <see langword="null"/>.</summary>
    internal SessionOwner? IsAlive(SqliteConnection connection, string token)
    {
        return connection
            .Query(
                "SELECT * FROM session WHERE token = $token",
                row => new SessionOwner((string)row["machine"], (int)(long)row["process_id"], (string)row["process_name"]),
                ("$token", token))
            .FirstOrDefault(_ => IsAlive(token));
    }

    /// <summary>Whether a session has ended. This session has not.</summary>
    internal bool IsGone(SqliteConnection connection, string? token) =>
        token is null || (token != Token && IsAlive(connection, token) is null);

    /// <summary>Makes this session the owner of an edit that no live session owns.</summary>
    internal EditEntry Claim(SqliteConnection connection, EditEntry entry, long? run)
    {
        Appear(connection);
        if (entry.State == EditState.Submitting)
        {
            ReleaseAbandoned(connection, entry);
        }

        return connection
            .Query(
                "UPDATE edit SET owner = $owner, run = coalesce($run, run) WHERE id = $id RETURNING *",
                EditEntry.Read,
                ("$owner", Token),
                ("$run", run),
                ("$id", entry.Id))
            .Single();
    }

    /// <summary>Gives up an edit that this session owns. If a request is on its way, its outcome is unknown from now on.</summary>
    internal int Release(SqliteConnection connection, EditEntry entry) =>
        Release(connection, "id = $id AND owner = $owner", Now, ("$id", entry.Id), ("$owner", Token));

    /// <summary>Removes the owner of an edit that ended while it was sending it. The outcome is unknown.</summary>
    internal EditEntry ReleaseAbandoned(SqliteConnection connection, EditEntry entry)
    {
        // When the session ended is not known.
        Release(connection, "id = $id", Math.Min(Now, (entry.Submitting!.Value + LongestRequest).ToUnixTimeMilliseconds()), ("$id", entry.Id));
        return EditReader.Find(connection, entry.Id)!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_hasAppeared)
        {
            ReleaseAll();
        }

        lock (_lock)
        {
            _file?.Dispose();
        }
    }

    private void ReleaseAll()
    {
        _hasAppeared = false;
        try
        {
            store.Write(connection =>
            {
                Release(connection, "owner = $owner", Now, ("$owner", Token));
                return connection.Execute("DELETE FROM session WHERE token = $owner", ("$owner", Token));
            });
        }
        catch (QwenEditException)
        {
            // The journal can't be written, for example because the disk is full. The released lock also shows that the session has ended.
        }
    }

    private static int Release(SqliteConnection connection, string which, long sentUntil, params (string Name, object? Value)[] values)
    {
        connection.Execute(EditTransition.Abandon.Update("sent_until = $until", which), [.. values, ("$until", sentUntil)]);
        return connection.Execute($"UPDATE edit SET owner = NULL WHERE {which}", values);
    }

    private static (int Id, string Name) ReadThisProcess()
    {
        using var process = Process.GetCurrentProcess();
        return (process.Id, process.ProcessName);
    }
}
