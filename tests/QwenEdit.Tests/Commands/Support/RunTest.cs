using System.Globalization;
using Microsoft.Data.Sqlite;
using QwenEdit.Journal;

namespace QwenEdit.Tests.Commands.Support;

/// <summary>A test of what whole calls do.</summary>
public abstract class RunTest : CommandTest
{
    /// <summary>Puts images 01.png to so many there.</summary>
    protected void MakeImages(int count)
    {
        for (int number = 1; number <= count; number++)
        {
            Folder.Image($"{number:00}.png");
        }
    }

    /// <summary>A property of the run that a script left in a variable; empty for none.</summary>
    protected object RunValue(string property, string variable = "run") =>
        Assert.Single(Host.Run($"${variable}").WithoutErrors().Output).Properties[property].Value ?? string.Empty;

    /// <summary>Compares the properties of the run that a script left in a variable; enumerations by name, nothing as an empty text.</summary>
    protected void ExpectRun(object expected, string variable = "run")
    {
        IEnumerable<(string Name, object? Value)> wanted = expected.GetType().GetProperties().Select(property => (property.Name, property.GetValue(expected)));
        Assert.Equal(
            wanted.Select(property => $"{property.Name} = {Text(property.Value)}"),
            wanted.Select(property => $"{property.Name} = {Text(RunValue(property.Name, variable))}"));
    }

    // Without the zeros at a decimal's end.
    private static string Text(object? value) => value is decimal number ? number.ToString("0.######", CultureInfo.InvariantCulture) : $"{value}";

    /// <summary>Changes the journal's file, past the module.</summary>
    protected void ChangeJournal(string sql)
    {
        using SqliteConnection connection = new($"Data Source={Journal};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own texts.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
