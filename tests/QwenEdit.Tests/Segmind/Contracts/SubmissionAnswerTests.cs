using QwenEdit.Commands.Parameters;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Segmind.Contracts;

/// <summary>The table of answers through a socket: what a POST throws, and how many requests the server has seen.</summary>
public sealed class SubmissionAnswerTests
{
    private const int Once = 1;
    private const int Retries = 2;
    private const int EveryTry = 1 + Retries;

    [Theory]
    [InlineData(400, "Missing required field: image", EditError.RequestRejected, Once)]
    [InlineData(401, "Missing Authorization or x-api-key in header", EditError.ApiKeyMissing, Once)]
    [InlineData(402, "Insufficient credits", EditError.InsufficientCredits, Once)]
    [InlineData(402, "Payment required", EditError.InsufficientCredits, Once)]
    [InlineData(401, "invalid_api_key", EditError.ApiKeyRejected, Once)]
    [InlineData(403, "Your account does not have access", EditError.ModelForbidden, Once)]
    [InlineData(404, "Model not found", EditError.ModelNotFound, Once)]
    [InlineData(406, "Invalid content type", EditError.RequestRejected, Once)]
    [InlineData(406, "Invalid value for steps: an integer from 1 to 20 is expected", EditError.RequestRejected, Once)]
    [InlineData(406, "Insufficient credits. Your balance is 0.001 credits", EditError.InsufficientCredits, Once)]
    [InlineData(406, "Spend limit reached: your team may spend 5 credits.", EditError.SpendLimitReached, Once)]
    [InlineData(408, "too slow", EditError.OutcomeUnknown, Once)]
    [InlineData(410, "Model is no longer available", EditError.ModelRetired, Once)]
    [InlineData(413, "too large", EditError.RequestRejected, Once)]
    [InlineData(422, "not on this route", EditError.RequestRejected, Once)]
    [InlineData(500, "server error", EditError.ServiceUnavailable, EveryTry)]
    [InlineData(501, "not implemented", EditError.OutcomeUnknown, Once)]
    [InlineData(502, "bad gateway", EditError.OutcomeUnknown, Once)]
    [InlineData(503, "unavailable", EditError.ServiceUnavailable, EveryTry)]
    [InlineData(504, "gateway time-out", EditError.OutcomeUnknown, Once)]
    [InlineData(599, "whatever", EditError.OutcomeUnknown, Once)]
    public Task The_gateways_own_word(int status, string message, EditError error, int requests) =>
        AssertAnswered(RawAnswer.Error(status, message), error, requests);

    [Theory]
    [InlineData(200, EditError.OutcomeUnknown)]
    [InlineData(204, EditError.OutcomeUnknown)]
    [InlineData(301, EditError.UnexpectedAnswer)]
    [InlineData(400, EditError.RequestRejected)]
    [InlineData(401, EditError.ApiKeyRejected)]
    [InlineData(402, EditError.InsufficientCredits)]
    [InlineData(403, EditError.ModelForbidden)]
    [InlineData(404, EditError.ModelNotFound)]
    [InlineData(405, EditError.RequestRejected)]
    [InlineData(406, EditError.RequestRejected)]
    [InlineData(408, EditError.OutcomeUnknown)]
    [InlineData(410, EditError.ModelRetired)]
    [InlineData(413, EditError.RequestRejected)]
    [InlineData(500, EditError.OutcomeUnknown)]
    [InlineData(502, EditError.OutcomeUnknown)]
    [InlineData(503, EditError.OutcomeUnknown)]
    [InlineData(504, EditError.OutcomeUnknown)]
    public Task A_page_of_something_in_between_is_never_a_reason_to_send_again(int status, EditError error) =>
        AssertAnswered(RawAnswer.Page(status) with { Body = status == 204 ? "" : RawAnswer.Page(status).Body }, error, Once);

    [Theory]
    [InlineData(500, """{"message": "Internal Server Error"}""")]
    [InlineData(502, """{"message": "Bad Gateway"}""")]
    [InlineData(503, """{"message": "Service Unavailable"}""")]
    [InlineData(500, """{"timestamp": "2026-10-01T12:00:00Z", "path": "/v2/qwen-image-edit-fast", "status": 500, "error": "Internal Server Error"}""")]
    [InlineData(500, """{"error": {"code": 7}}""")]
    [InlineData(500, """{"error": null}""")]
    [InlineData(500, """{"error": ""}""")]
    [InlineData(500, """{"error_description": "no error"}""")]
    [InlineData(503, "{}")]
    [InlineData(500, """["error"]""")]
    public Task JSON_of_something_in_between_is_never_a_reason_to_send_again(int status, string body) =>
        AssertAnswered(new RawAnswer(status, body), EditError.OutcomeUnknown, Once);

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public Task The_envelope_of_the_authorization_is_the_gateways_own_as_well(int status) => AssertAnswered(
        new RawAnswer(status, """{"error": "server_error", "error_description": "The key could not be looked up.", "status_code": 500}"""),
        EditError.ServiceUnavailable,
        EveryTry);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\"QUEUED\"")]
    [InlineData("{\"request_id\": ")]
    [InlineData("{\"status\": \"QUEUED\"}")]
    [InlineData("{\"request_id\": null}")]
    [InlineData("{\"request_id\": \"\"}")]
    public Task A_success_without_a_request_id_may_be_billed_and_is_seen_once(string body) =>
        AssertAnswered(new RawAnswer(200, body), EditError.OutcomeUnknown, Once);

    public static TheoryData<string> OddAcceptances => new()
    {
        { "{\"request_id\": \"id-1\", \"status\": \"\\ud83d\"}" },
        { "{\"status\": \"\\udc00\\ud83d\", \"\\ud800\": 1, \"request_id\": \"id-1\"}" },
        { "{\"request_id\": \"id-1\", \"message\": \"\u00FF\u00C3\"}" },
        { "{\"request_id\": \"id-1\", \"status_url\": 1e999, \"response_url\": {}}" },
        { "{\"request_id\": \"id-1\", \"status\": QUEUED}" },
        { "{\"request_id\": \"id-1\", \"status" },
        { "{\"request_id\": \"id-1\"} and more" },
        { "{\"request_id\": \"id-1\", \"deep\": " + new string('[', 200) + new string(']', 200) + "}" },
        { "{\"deep\": " + new string('[', 200) + new string(']', 200) + ", \"request_id\": \"id-1\"}" },
        { "\u00EF\u00BB\u00BF{\"request_id\": \"id-1\"}" },
    };

    [Theory]
    [MemberData(nameof(OddAcceptances))]
    public async Task A_request_id_that_was_given_is_kept_whatever_stands_beside_it(string latin)
    {
        await using RawServer server = RawServer.Answering(new RawAnswer(200) { Bytes = System.Text.Encoding.Latin1.GetBytes(latin) });
        using TestClient client = new(server.Url, Retries);

        JobReference job = await client.SubmitAsync();

        Assert.Equal(("id-1", $"{server.Url}v2/requests/id-1/status"), (job.RequestId, job.StatusUri.AbsoluteUri));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_500_is_tried_again_until_it_has_passed()
    {
        await using RawServer server = RawServer.Answering(RawAnswer.Error(500), RawAnswer.Error(503), RawAnswer.Accepted("id-7"));
        using TestClient client = new(server.Url, Retries);

        JobReference job = await client.SubmitAsync();

        Assert.Equal("id-7", job.RequestId);
        Assert.Equal(EveryTry, server.Requests.Count);
        Assert.Equal(EveryTry, client.Tries);
        Assert.Equal(Retries, client.Clock.Pauses.Count);
        Assert.All(client.Clock.Pauses, pause => Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Every_try_sends_the_image_anew_and_whole()
    {
        await using RawServer server = RawServer.Answering(RawAnswer.Error(500), RawAnswer.Error(500), RawAnswer.Accepted());
        using TestClient client = new(server.Url, Retries);

        await client.SubmitAsync(TestClient.Payload(100_000));

        Assert.Equal(EveryTry, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.Equal(server.Requests[0].Body, request.Body));
    }

    [Fact]
    public async Task No_retries_means_one_request()
    {
        await using RawServer server = RawServer.Answering(RawAnswer.Error(500), RawAnswer.Accepted());
        using TestClient client = new(server.Url, maximumRetryCount: 0);

        Assert.Equal(EditError.ServiceUnavailable, (await client.SubmitInVainAsync()).Error);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_repetition_that_could_not_begin_in_time_is_not_waited_for()
    {
        await using RawServer server = RawServer.Answering(RawAnswer.Error(500));
        using TestClient client = new(server.Url, Retries) { Patience = TimeSpan.Zero };

        Assert.Equal(EditError.ServiceUnavailable, (await client.SubmitInVainAsync()).Error);
        Assert.Single(server.Requests);
        Assert.Empty(client.Clock.Pauses);
    }

    [Theory]
    [InlineData("""{"error": "invalid_api_key", "error_description": "The key has expired.", "status_code": 401}""", "The key has expired.")]
    [InlineData("""{"error": "Invalid key"}""", "Invalid key")]
    [InlineData("""{"message": "No entry"}""", "No entry")]
    [InlineData("""{"detail": [{"loc": "image"}]}""", "[{\"loc\": \"image\"}]")]
    [InlineData("""{"error": {"code": 7}}""", "{\"code\": 7}")]
    [InlineData("<html><title>\n Sign in\n to the proxy </title><p>x", "Sign in to the proxy")]
    [InlineData("<h1>Sign in</h1><script>var x = 1;</script>", "Sign in")]
    [InlineData("plain words", "plain words")]
    public async Task The_error_quotes_what_was_said_wherever_it_was_said(string body, string quoted)
    {
        await using RawServer server = RawServer.Answering(new RawAnswer(401, body));
        using TestClient client = new(server.Url);

        QwenEditException failure = await client.SubmitInVainAsync();

        Assert.Contains(quoted, failure.Message, StringComparison.Ordinal);
        Assert.Equal(401, failure.StatusCode);
        Assert.DoesNotContain("<", failure.Message, StringComparison.Ordinal);
    }

    private static async Task AssertAnswered(RawAnswer answer, EditError error, int requests)
    {
        await using RawServer server = RawServer.Answering(answer);
        using TestClient client = new(server.Url, Retries);

        QwenEditException failure = await client.SubmitInVainAsync(TestClient.Payload());

        Assert.Equal(error, failure.Error);
        Assert.Equal(requests, server.Requests.Count);
        Assert.Equal(requests, client.Tries);
        // What may be repeated has provably made no job; what is not repeated is judged by its error.
        Assert.Equal(requests == EveryTry ? EveryTry : 0, client.Returned);
    }
}
