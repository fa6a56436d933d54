using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace QwenEdit.Journal;

/// <summary>
/// The journal's file: an SQLite database in WAL mode, whose commits are on the disk when they return, those of <see cref="WriteSoon"/> aside.
/// Threads take turns at one connection; processes at the file.
/// </summary>
internal sealed class JournalStore : IDisposable
{
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

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
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.JournalUnavailable"/>: the place can't be written, or is on a network share, where two machines would not see each
    /// other's locks. <see cref="EditError.JournalNewer"/>, <see cref="EditError.JournalDamaged"/>: nothing was changed.
    /// </exception>
    internal static JournalStore Open(string path)
    {
        JournalPlace.Prepare(path);
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
            connection.Execute("PRAGMA busy_timeout = 30000");
            // Before anything that changes the file: it may be another program's.
            JournalSchema.Check(connection, path);
            // Half a megabyte (negative: KiB) of pages, not two: the system has the others in its cache.
            connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -512");
            JournalSchema.Migrate(connection, path);
            return new JournalStore(connection, connection.DataSource);
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
    internal T Write<T>(Func<SqliteConnection, T> write) => Write(write, durable: true);

    /// <summary>
    /// Changes, all or nothing. Everyone sees it at once, and the end of this process takes nothing of it; a loss of power before the next
    /// <see cref="Write{T}(Func{SqliteConnection, T})"/>, of any process, may. For what no promise needs: it spares a wait for the disk.
    /// </summary>
    internal T WriteSoon<T>(Func<SqliteConnection, T> write) => Write(write, durable: false);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_turn)
        {
            _connection.Dispose();
        }
    }

    private T Write<T>(Func<SqliteConnection, T> write, bool durable)
    {
        lock (_turn)
        {
            try
            {
                if (IsDurable != durable)
                {
                    // Both leave the file whole. FULL flushes the log at each commit, and with it all that was written to it before.
                    _connection.Execute(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
                    IsDurable = durable;
                }

                return WriteOrRollBack(write);
            }
            catch (SqliteException exception)
            {
                throw Translate(exception, Path);
            }
        }
    }

    private T WriteOrRollBack<T>(Func<SqliteConnection, T> write)
    {
        // Immediate: a reader that becomes a writer halfway could lose its turn.
        _connection.Execute("BEGIN IMMEDIATE");
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
        exception.SqliteErrorCode is Corrupt or NotADatabase
            ? new QwenEditException(EditError.JournalDamaged, $"The journal {path} is damaged, and was left as it is: {exception.Message}", exception)
            : new QwenEditException(EditError.JournalUnavailable, $"The journal {path} can't be used: {exception.Message}", exception);
}
