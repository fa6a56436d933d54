using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace QwenEdit.Journal;

/// <summary>
/// The journal's file: an SQLite database in WAL mode. A commit is on the disk when it returns, except with <see cref="WriteSoon"/>. Threads take
/// turns at one connection; processes take turns at the file.
/// </summary>
internal sealed class JournalStore : IDisposable
{
    /// <summary>How long an operation waits for other processes, in milliseconds. The beginning of a write has its own limits.</summary>
    private const int BusyTimeout = 30_000;

    /// <summary>How long other processes may keep the journal locked before an unpaid edit is given up.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>How long a write is still tried after the call was stopped, as other processes may be about to finish theirs.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(200);

    /// <summary>The same for records of paid edits.</summary>
    private static readonly TimeSpan PaidGrace = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    private readonly object _lock = new();
    private readonly JournalConnection _connection;

    static JournalStore() => Batteries_V2.Init();

    private JournalStore(JournalConnection connection, string path)
    {
        _connection = connection;
        Path = path;
    }

    /// <summary>Opens a journal, or creates it.</summary>
    /// <param name="path">The full path of the file.</param>
    /// <param name="stopped">Cancelled when the call is stopped.</param>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.JournalBusy"/>. <see cref="EditError.JournalUnavailable"/>: the location can't be written to, or is on a network share,
    /// where two machines would not see each other's locks. <see cref="EditError.JournalNewer"/>, <see cref="EditError.JournalDamaged"/>: nothing was
    /// changed.
    /// </exception>
    internal static JournalStore Open(string path, CancellationToken stopped = default)
    {
        JournalLocation.Prepare(path);
        var connection = new JournalConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            // Without pooling, closing the connection closes the file, so that it can be moved or deleted.
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute($"PRAGMA busy_timeout = {BusyTimeout}");
            // This check is the first, as the file may belong to another program and must not be changed.
            JournalSchema.Check(connection, path);
            // The cache has half a megabyte (a negative size is in KiB) instead of two, as the system caches the other pages.
            connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -512");
            JournalSchema.Create(connection, path);
            return new JournalStore(connection, connection.DataSource) { Stopped = stopped };
        }
        catch (Exception exception)
        {
            connection.Dispose();
            if (exception is SqliteException sqlite)
            {
                throw Translate(sqlite, path);
            }

            throw;
        }
    }

    /// <summary>Cancelled when the call is stopped. From then on, no write waits long for other processes.</summary>
    internal CancellationToken Stopped { get; init; }

    /// <summary>The journal's full path. Links are resolved as SQLite resolves them for the files that it creates beside the journal.</summary>
    internal string Path { get; }

    /// <summary>Whether the last write was on the disk when it returned.</summary>
    internal bool IsDurable { get; private set; } = true;

    /// <summary>Runs a query.</summary>
    internal T Read<T>(Func<SqliteConnection, T> read)
    {
        lock (_lock)
        {
            try
            {
                return read(_connection);
            }
            catch (SqliteException exception)
            {
                throw Translate(exception, Path);
            }
        }
    }

    /// <summary>Writes in one transaction, which is durable when it returns.</summary>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.JournalBusy"/>: other processes keep the journal locked; nothing was changed.
    /// </exception>
    internal T Write<T>(Func<SqliteConnection, T> write) => Write(write, durable: true, Patience);

    /// <summary>
    /// Records paid edits in one transaction, which is durable when it returns. Waits for other processes until the call is stopped.
    /// </summary>
    internal T WritePaid<T>(Func<SqliteConnection, T> write) => Write(write, durable: true, patience: null);

    /// <summary>
    /// Writes in one transaction that does not wait for the disk. Every process sees the result at once, and it survives the end of this process. A
    /// power failure may lose it before the next <see cref="Write{T}(Func{SqliteConnection, T})"/> of any process. Only for data that may be lost.
    /// </summary>
    internal T WriteSoon<T>(Func<SqliteConnection, T> write) => Write(write, durable: false, Patience);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _connection.Dispose();
        }
    }

    private T Write<T>(Func<SqliteConnection, T> write, bool durable, TimeSpan? patience)
    {
        var watch = Stopwatch.StartNew();
        TimeSpan? stoppedAt = null;
        TimeSpan pause = ShortestPause;
        // The lock is released between two tries, so that no thread waits while another one waits for the journal.
        while (true)
        {
            lock (_lock)
            {
                if (TryWrite(write, durable, out T? result))
                {
                    return result!;
                }
            }

            stoppedAt ??= Stopped.IsCancellationRequested ? watch.Elapsed : null;
            if (stoppedAt is { } stop ? watch.Elapsed - stop > (patience is null ? PaidGrace : Grace) : watch.Elapsed > patience)
            {
                throw new QwenEditException(
                    EditError.JournalBusy, $"The journal {Path} was kept locked by other processes for {watch.Elapsed.TotalSeconds:0.0} s.");
            }

            Wait(pause);
            pause = pause + pause < LongestPause ? pause + pause : LongestPause;
        }
    }

    private void Wait(TimeSpan pause)
    {
        // The random factor prevents that waiting processes try at the same time.
        var some = TimeSpan.FromMilliseconds(pause.TotalMilliseconds * (0.5 + Numbers.Chance()));
        if (Stopped.IsCancellationRequested)
        {
            // The token no longer waits. These last tries end after the grace period.
            Thread.Sleep(some);
        }
        else
        {
            Stopped.WaitHandle.WaitOne(some);
        }
    }

    private bool TryWrite<T>(Func<SqliteConnection, T> write, bool durable, out T? result)
    {
        result = default;
        try
        {
            if (IsDurable != durable)
            {
                // Both modes keep the file consistent. FULL flushes the WAL at each commit, including everything written to it before.
                _connection.Execute(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
                IsDurable = durable;
            }

            if (!TryBegin())
            {
                return false;
            }

            result = WriteOrRollBack(write);
            return true;
        }
        catch (SqliteException exception)
        {
            throw Translate(exception, Path);
        }
    }

    // BEGIN IMMEDIATE, because a transaction that begins as a reader may fail when it writes. The waiting of SQLite and of its client can't be
    // cancelled, so the timeout is zero.
    private bool TryBegin()
    {
        raw.sqlite3_busy_timeout(_connection.Handle, 0);
        int code = raw.sqlite3_exec(_connection.Handle, "BEGIN IMMEDIATE");
        raw.sqlite3_busy_timeout(_connection.Handle, BusyTimeout);
        if (code != raw.SQLITE_BUSY)
        {
            SqliteException.ThrowExceptionForRC(code, _connection.Handle);
        }

        return code != raw.SQLITE_BUSY;
    }

    private T WriteOrRollBack<T>(Func<SqliteConnection, T> write)
    {
        try
        {
            T result = write(_connection);
            _connection.Execute("COMMIT");
            return result;
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    // On a full disk, SQLite rolls back by itself. SqliteTransaction fails then, and its connection accepts no further transaction.
    private void RollBack()
    {
        try
        {
            _connection.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has already rolled back.
        }
    }

    private static QwenEditException Translate(SqliteException exception, string path) =>
        exception.SqliteErrorCode == raw.SQLITE_BUSY
            ? new QwenEditException(EditError.JournalBusy, $"The journal {path} is kept locked by other processes.", exception)
            : exception.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB
            ? new QwenEditException(EditError.JournalDamaged, $"The journal {path} is damaged, and was left as it is: {exception.Message}", exception)
            : new QwenEditException(EditError.JournalUnavailable, $"The journal {path} can't be used: {exception.Message}", exception);
}
