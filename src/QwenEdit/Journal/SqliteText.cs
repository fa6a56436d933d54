using Microsoft.Data.Sqlite;

namespace QwenEdit.Journal;

/// <summary>Runs SQL with parameters in one call.</summary>
internal static class SqliteText
{
    /// <summary>Runs statements and returns how many rows they changed.</summary>
    internal static int Execute(this SqliteConnection connection, string sql, params (string Name, object? Value)[] parameters) =>
        connection.Run(sql, parameters, command => command.ExecuteNonQuery());

    /// <summary>Runs a query that returns one number.</summary>
    internal static long Scalar(this SqliteConnection connection, string sql, params (string Name, object? Value)[] parameters) =>
        connection.Run(sql, parameters, command => (long)command.ExecuteScalar()!);

    /// <summary>Runs a query and creates an object for each row.</summary>
    internal static List<T> Query<T>(
        this SqliteConnection connection, string sql, Func<SqliteDataReader, T> make, params (string Name, object? Value)[] parameters)
    {
        List<T> rows = [];
        connection.Each(sql, row => rows.Add(make(row)), parameters);
        return rows;
    }

    /// <summary>Runs a query and passes on each row, without keeping it.</summary>
    /// <returns>The number of rows.</returns>
    internal static int Each(
        this SqliteConnection connection, string sql, Action<SqliteDataReader> see, params (string Name, object? Value)[] parameters) =>
        connection.Run(sql, parameters, command =>
        {
            using SqliteDataReader reader = command.ExecuteReader();
            int count = 0;
            while (reader.Read())
            {
                see(reader);
                count++;
            }

            return count;
        });

    private static T Run<T>(this SqliteConnection connection, string sql, (string Name, object? Value)[] parameters, Func<SqliteCommand, T> run)
    {
        // A PRAGMA takes effect when it is prepared, so a kept statement would do nothing the next time.
        if (connection is JournalConnection journal && !sql.StartsWith("PRAGMA", StringComparison.Ordinal))
        {
            return run(journal.Keep(sql).With(sql, parameters));
        }

        using SqliteCommand command = connection.CreateCommand();
        return run(command.With(sql, parameters));
    }

    private static SqliteCommand With(this SqliteCommand command, string sql, (string Name, object? Value)[] parameters)
    {
        if (command.CommandText.Length == 0)
        {
#pragma warning disable CA2100 // Every SQL text comes from this folder's code; values are passed as parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            foreach ((string name, _) in parameters)
            {
                command.Parameters.AddWithValue(name, DBNull.Value);
            }
        }

        for (int index = 0; index < parameters.Length; index++)
        {
            // A text is always used with the same parameters in the same order.
            command.Parameters[index].Value = parameters[index].Value ?? DBNull.Value;
        }

        return command;
    }
}
