using Microsoft.Data.Sqlite;

namespace QwenEdit.Journal;

/// <summary>A connection that keeps its statements once they are prepared: an edit runs some twenty of them, always the same.</summary>
internal sealed class JournalConnection(string connectionString) : SqliteConnection(connectionString)
{
    private readonly Dictionary<string, SqliteCommand> _kept = new(StringComparer.Ordinal);

    /// <summary>The command of a text, with the parameters that it had last.</summary>
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
