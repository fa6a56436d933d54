using Microsoft.Data.Sqlite;

namespace QwenEdit.Journal;

/// <summary>SQL with parameters in one call.</summary>
internal static class SqliteText
{
    /// <summary>Runs statements and returns how many rows they changed.</summary>
    internal static int Execute(this SqliteConnection connection, string sql, params (string Name, object? Value)[] parameters)
    {
        using SqliteCommand command = connection.Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Runs a query of one number.</summary>
    internal static long Scalar(this SqliteConnection connection, string sql, params (string Name, object? Value)[] parameters)
    {
        using SqliteCommand command = connection.Command(sql, parameters);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Runs a query and makes an object of each row.</summary>
    internal static List<T> Query<T>(
        this SqliteConnection connection, string sql, Func<SqliteDataReader, T> make, params (string Name, object? Value)[] parameters)
    {
        using SqliteCommand command = connection.Command(sql, parameters);
        using SqliteDataReader reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(make(reader));
        }

        return rows;
    }

    private static SqliteCommand Command(this SqliteConnection connection, string sql, (string Name, object? Value)[] parameters)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text is this room's own; values come as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach ((string name, object? value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}
