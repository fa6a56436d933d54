using Microsoft.Data.Sqlite;

namespace QwenEdit.Journal;

/// <summary>A connection that keeps its prepared statements: an edit runs about twenty of them, always the same.</summary>
internal sealed class JournalConnection(string connectionString) : SqliteConnection(connectionString)
{
    private readonly Dictionary<string, SqliteCommand> _kept = new(StringComparer.Ordinal);

    /// <summary>Returns the command for a text, with the parameters of its last use.</summary>
    internal SqliteCommand Keep(string sql)
    {
        if (!_kept.TryGetValue(sql, out SqliteCommand? command))
        {
            _kept[sql] = command = CreateCommand();
        }

        command.Transaction = Transaction;
        return command;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (SqliteCommand command in _kept.Values)
            {
                command.Dispose();
            }

            _kept.Clear();
        }

        base.Dispose(disposing);
    }
}
