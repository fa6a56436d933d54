using System.Diagnostics;
using Microsoft.Data.Sqlite;
using QwenEdit.Compatibility;
using SQLitePCL;

namespace QwenEdit.Journal;

/// <summary>
/// The journal's file: an SQLite database in WAL mode, whose commits are on the disk when they return, those of <see cref="WriteSoon"/> aside.
/// Threads take turns at one connection; processes at the file.
/// </summary>
internal sealed class JournalStore : IDisposable
{
    private const int Busy = 5;
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>How long anything but the beginning of a change waits for other processes, in milliseconds.</summary>
    private const int BusyTimeout = 30_000;

    /// <summary>How long other processes may keep the journal locked before an edit that is not paid for is given up.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>How long a change is still tried when the call is stopped: others may be just about to be done with theirs.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(200);

    /// <summary>The same for what is paid for.</summary>
    private static readonly TimeSpan PaidGrace = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    private readonly object _turn = new();
    private readonly JournalConnection _connection;

    static JournalStore() => Batteries_V2.Init();

    private JournalStore(JournalConnection connection, string path)
    {
        _connection = connection;
        Path = path;
    }

    /// <summary>Opens a journal, or makes it.</summary>
    /// <param name="path">The full path of the file.</param>
    /// <param name="stopped">When the call is stopped.</param>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.JournalBusy"/>. <see cref="EditError.JournalUnavailable"/>: the place can't be written, or is on a network share, where two machines would not see each
    /// other's locks. <see cref="EditError.JournalNewer"/>, <see cref="EditError.JournalDamaged"/>: nothing was changed.
    /// </exception>
    internal static JournalStore Open(string path, CancellationToken stopped = default)
    {
        JournalLocation.Prepare(path);
        var connection = new JournalConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            // Closed is closed: the file must be free to be moved or deleted.
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute($"PRAGMA busy_timeout = {BusyTimeout}");
            // Before anything that changes the file: it may be another program's.
            JournalSchema.Check(connection, path);
            // Half a megabyte (negative: KiB) of pages, not two: the system has the others in its cache.
            connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -512");
            JournalSchema.Migrate(connection, path);
            return new JournalStore(connection, connection.DataSource) { Stopped = stopped };
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw Translate(exception, path);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>When the call is stopped: from then on nothing waits long for other processes.</summary>
    internal CancellationToken Stopped { get; init; }

    /// <summary>The journal's full path, links resolved as SQLite resolves them for the files that it puts beside it.</summary>
    internal string Path { get; }

    /// <summary>Whether the last change was on the disk when it returned.</summary>
    internal bool IsDurable { get; private set; } = true;

    /// <summary>Asks.</summary>
    internal T Read<T>(Func<SqliteConnection, T> read)
    {
        lock (_turn)
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

    /// <summary>Changes, all or nothing; durable when it returns.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.JournalBusy"/>: other processes keep it locked, and nothing was changed.</exception>
    internal T Write<T>(Func<SqliteConnection, T> write) => Write(write, durable: true, Patience);

    /// <summary>
    /// Records what is paid for, all or nothing; durable when it returns. It waits for other processes as long as the call lives.
    /// </summary>
    internal T WritePaid<T>(Func<SqliteConnection, T> write) => Write(write, durable: true, patience: null);

    /// <summary>
    /// Changes, all or nothing. Everyone sees it at once, and the end of this process takes nothing of it; a loss of power before the next
    /// <see cref="Write{T}(Func{SqliteConnection, T})"/>, of any process, may. For what no promise needs: it spares a wait for the disk.
    /// </summary>
    internal T WriteSoon<T>(Func<SqliteConnection, T> write) => Write(write, durable: false, Patience);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_turn)
        {
            _connection.Dispose();
        }
    }

    private T Write<T>(Func<SqliteConnection, T> write, bool durable, TimeSpan? patience)
    {
        var watch = Stopwatch.StartNew();
        TimeSpan? stoppedAt = null;
        TimeSpan pause = ShortestPause;
        // Other threads have their turns between two tries, so that none waits for the journal in another's.
        while (true)
        {
            lock (_turn)
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
        // Not in step with the others who wait.
        var some = TimeSpan.FromMilliseconds(pause.TotalMilliseconds * (0.5 + Numbers.Chance()));
        if (Stopped.IsCancellationRequested)
        {
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
                // Both leave the file whole. FULL flushes the log at each commit, and with it all that was written to it before.
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

    // Immediate: a reader that becomes a writer halfway could lose its turn. SQLite's and its client's own waiting could not be cancelled.
    private bool TryBegin()
    {
        raw.sqlite3_busy_timeout(_connection.Handle, 0);
        int code = raw.sqlite3_exec(_connection.Handle, "BEGIN IMMEDIATE");
        raw.sqlite3_busy_timeout(_connection.Handle, BusyTimeout);
        if (code != Busy)
        {
            SqliteException.ThrowExceptionForRC(code, _connection.Handle);
        }

        return code != Busy;
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

    // A full disk rolls back by itself. SqliteTransaction can't bear that, and its connection would take no further one.
    private void RollBack()
    {
        try
        {
            _connection.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // It is done already.
        }
    }

    private static QwenEditException Translate(SqliteException exception, string path) =>
        exception.SqliteErrorCode == Busy
            ? new QwenEditException(EditError.JournalBusy, $"The journal {path} is kept locked by other processes.", exception)
            : exception.SqliteErrorCode is Corrupt or NotADatabase
            ? new QwenEditException(EditError.JournalDamaged, $"The journal {path} is damaged, and was left as it is: {exception.Message}", exception)
            : new QwenEditException(EditError.JournalUnavailable, $"The journal {path} can't be used: {exception.Message}", exception);
}
