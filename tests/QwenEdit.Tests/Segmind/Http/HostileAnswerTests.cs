using System.Text;
using System.Text.Json;
using QwenEdit.Commands.Parameters;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Segmind.Http;

/// <summary>Answers with what a terminal would obey, and with texts and ids of absurd lengths.</summary>
public sealed class HostileAnswerTests
{
    // The title of the terminal, a C1 control, and an override of the reading direction.
    private const string Hostile = "\u001B]0;owned\u0007\u009B2J\u202Egnp";
    private const string Escaped = "\\u001B]0;owned\\u0007\\u009B2J\\u202Egnp";

    /// <summary>Ids that no service would give.</summary>
    public static TheoryData<string> Impossible => new() { "id-\u001B]0;owned\u0007", "id-\u202Egnp", "id\n1", new string('a', 5000) };

    [Fact]
    public async Task The_error_of_a_failed_job_is_harmless_and_short()
    {
        await using RawServer server = RawServer.Answering(
            Json(new { status = "FAILED", error = Hostile }), Json(new { status = $"X{Hostile}", error = new string('e', 8 * 1024 * 1024) }));
        using TestClient client = new(server.Url);

        JobReport failed = await client.GetStatusAsync();
        JobReport running = await client.GetStatusAsync();

        Assert.Equal(Escaped, failed.Error);
        Assert.Equal($"X{Escaped}", running.StateName);
        Assert.InRange(running.Error!.Length, 100, 1001);
    }

    [Theory]
    [InlineData("error", "application/json")]
    [InlineData("title", "text/html")]
    public async Task The_words_of_a_refusal_are_harmless_and_short(string kind, string contentType)
    {
        string long_ = $"{Hostile}{new string('e', 900_000)}";
        string body = kind == "title" ? $"<html><title>{Hostile}</title></html>" : JsonSerializer.Serialize(new { error = long_ });
        await using RawServer server = RawServer.Answering(new RawAnswer(400, body, contentType));
        using TestClient client = new(server.Url);

        QwenEditException failure = await client.SubmitInVainAsync();

        Assert.Equal(EditError.RequestRejected, failure.Error);
        Assert.Contains(Escaped, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(failure.Message, character => char.IsControl(character) || character == '\u202E');
        Assert.InRange(failure.Message.Length, 1, 1000);
    }

    [Fact]
    public void Whatever_an_exception_quotes_is_harmless()
    {
        QwenEditException exception = new(EditError.OutputInvalid, $"The image {Hostile} is gone.");

        Assert.Equal($"The image {Escaped} is gone.", exception.Message);
    }

    [Theory]
    [MemberData(nameof(Impossible))]
    public async Task An_id_that_no_service_would_give_leaves_the_outcome_unknown(string id)
    {
        await using RawServer server = RawServer.Answering(Json(new { request_id = id, status = "QUEUED" }));
        using TestClient client = new(server.Url);

        QwenEditException failure = await client.SubmitInVainAsync();

        Assert.Equal(EditError.OutcomeUnknown, failure.Error);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_id_of_five_megabytes_leaves_the_outcome_unknown()
    {
        await using RawServer server = RawServer.Answering(Json(new { request_id = new string('a', 5_000_000), status = "QUEUED" }));
        using TestClient client = new(server.Url);

        Assert.Equal(EditError.OutcomeUnknown, (await client.SubmitInVainAsync()).Error);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("$(New-Item owned)")]
    [InlineData("id' with; spaces")]
    [InlineData("ID_1.2~3:é")]
    public async Task An_id_that_can_be_shown_is_taken_as_it_is(string id)
    {
        await using RawServer server = RawServer.Answering(Json(new { request_id = id, status = "QUEUED" }));
        using TestClient client = new(server.Url);

        Assert.Equal(id, (await client.SubmitAsync()).RequestId);
    }

    [Theory]
    [MemberData(nameof(Impossible))]
    public void A_record_of_the_history_with_such_an_id_is_left_out_and_counted(string id)
    {
        byte[] page = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { data = new[] { new { request_id = "id-1" }, new { request_id = id } } }));

        IReadOnlyList<HistoryRow> rows = new HistoryParser(_ => new HistoryImage()).List(page, out int unread);

        Assert.Equal(["id-1"], rows.Select(row => row.RequestId));
        Assert.Equal(1, unread);
    }

    private static RawAnswer Json(object body) => new(200, JsonSerializer.Serialize(body));
}
