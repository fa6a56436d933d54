using Microsoft.Data.Sqlite;
using QwenEdit.Tests.Commands.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>A journal that has in it what a terminal would obey, as another program may have written it.</summary>
public sealed class HostileJournalTests : CommandTest
{
    private const string Hostile = "x\u001B]0;owned\u0007\u009B2J\u202Egnp";
    private const string Escaped = "x\\u001B]0;owned\\u0007\\u009B2J\\u202Egnp";

    protected override IReadOnlyList<string> Images { get; } = ["a.png"];

    [Theory]
    [InlineData("error", "Get-QwenEditJob | Format-List")]
    [InlineData("request_id", "Get-QwenEditJob")]
    [InlineData("request_id", "Get-QwenEditJob | Format-List")]
    [InlineData("request_id", "Get-QwenEditJob | Receive-QwenEditResult 2>&1 | Out-String")]
    [InlineData("request_id", "Get-QwenEditJob | Receive-QwenEditResult -Wait -TimeoutSec 1 2>&1 | Out-String")]
    public async Task What_it_says_is_shown_escaped(string column, string script)
    {
        await SetAsync(column, Hostile);

        string shown = Host.Render((await RunAsync(script)).Output, 500);

        // A column of the table may cut the rest.
        Assert.Contains(Escaped[..20], shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001B]", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(shown, character => character is '\u0007' or '\u009B' or '\u202E');
    }

    [Fact]
    public async Task An_id_is_exact_in_the_object()
    {
        await SetAsync("request_id", Hostile);

        Assert.Equal(Hostile, (await RunAsync("Get-QwenEditJob")).WithoutErrors().Text(0, "RequestId"));
    }

    private async Task SetAsync(string column, string value)
    {
        (await RunAsync("$null = Submit-QwenImageEdit a.png 'Make it red'")).WithoutErrors();
        using SqliteConnection connection = new($"Data Source={Journal};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // A column of this class's own tests.
        command.CommandText = $"UPDATE edit SET {column} = $value";
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$value", value);
        command.ExecuteNonQuery();
    }
}
