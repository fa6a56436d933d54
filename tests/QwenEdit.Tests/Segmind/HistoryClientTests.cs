using QwenEdit.Commands.Parameters;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Segmind;

/// <summary>The request history through sockets: pages, refusals, and who gets the key.</summary>
public sealed class HistoryClientTests : IDisposable
{
    private readonly SkippingClock _clock = new();
    private readonly TestRateLimiter _limiter;

    public HistoryClientTests() => _limiter = new TestRateLimiter(_clock);

    public void Dispose() => _limiter.Dispose();

    [Fact]
    public async Task The_list_is_asked_for_by_days_and_model_with_the_key()
    {
        await using RawServer server = RawServer.Answering(Page());

        Assert.Empty(await ListAsync(server));

        RawRequest request = Assert.Single(server.Requests);
        Assert.Equal(
            "/inference-request/request-history?page=1&per_page=100&from_date=2026-09-30&to_date=2026-10-02&sort_by=model_created&sort_order=asc&model_name=qwen",
            request.Path);
        Assert.Equal(("GET", TestClient.ApiKey), (request.Method, request.Headers["x-api-key"]));
    }

    [Fact]
    public async Task Pages_are_asked_for_until_one_brings_nothing_new_however_few_rows_each_has()
    {
        await using RawServer server = RawServer.Answering(Page("a", "b"), Page("c"), Page("c"));

        Assert.Equal(["a", "b", "c"], (await ListAsync(server)).Select(row => row.RequestId));
        Assert.Equal(["1", "2", "3"], server.Requests.Select(request => request.Path.Split("page=")[1].Split('&')[0]));
    }

    [Fact]
    public async Task Each_page_is_seen_before_the_next_one_is_asked_for_the_last_one_too()
    {
        await using RawServer server = RawServer.Answering(Page("a", "b"), Page("b", "c"), Page("c"));
        using HistoryClient client = Client(server.Url);
        List<string> pages = [];

        await client.ListAsync(
            new DateTime(2026, 9, 30),
            new DateTime(2026, 10, 2),
            null,
            page => pages.Add($"{server.Requests.Count}: {string.Join(" ", page.Select(row => row.RequestId))}"),
            CancellationToken.None);

        Assert.Equal(["1: a b", "2: b c", "3: c"], pages);
    }

    [Fact]
    public async Task A_page_that_is_too_large_is_asked_for_in_smaller_ones()
    {
        string large = new(' ', 33 * 1024 * 1024);
        await using RawServer server = new(async (request, connection) =>
        {
            string[] page = request.Path.Contains("per_page=100&", StringComparison.Ordinal) ? ["never"]
                : request.Path.Contains("page=1&per_page=20&", StringComparison.Ordinal) ? ["a", "b"]
                : [];
            await connection.AnswerAsync(page is ["never"] ? new RawAnswer(200, large) : Page(page));
        });

        Assert.Equal(["a", "b"], (await ListAsync(server)).Select(row => row.RequestId));
        // Once: a page does not get smaller by asking again.
        Assert.Single(server.Requests, request => request.Path.Contains("per_page=100&", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_record_that_is_too_large_by_itself_is_left_out_and_the_others_are_read()
    {
        string[] ids = ["a", "b", "large", "c", "d", "e", "f", "g"];
        RawAnswer large = new(200, new string(' ', 33 * 1024 * 1024));
        await using RawServer server = new(async (request, connection) =>
        {
            int size = int.Parse(request.Path.Split("per_page=")[1].Split('&')[0], null);
            string[] page = [.. ids.Skip(size * (int.Parse(request.Path.Split("?page=")[1].Split('&')[0], null) - 1)).Take(size)];
            await connection.AnswerAsync(page.Contains("large") ? large : Page(page));
        });

        Assert.Equal(["a", "b", "c", "d", "e", "f", "g"], (await ListAsync(server)).Select(row => row.RequestId));
        // Past it, the pages grow again.
        Assert.Contains("per_page=5&", server.Requests[^1].Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_is_none_and_numbers_that_are_none_are_no_exception()
    {
        byte[] body =
        [
            .. "{\"data\": [{\"request_id\": \"a\", \"model_name\": \"\\ud83d\", \"error\": \""u8,
            0xFF, 0xC3,
            .. "\", \"latency_ms\": 9e14, \"credits_deduction\": 1e999, \"\\udc00\": \"\\ud800\\ud800\", \"request_body\": {\"prompt\": \"\\\\ud83d \\ud83d\\ude00 \\ud83d\"}},"u8,
            .. "{\"request_id\": \"b\", \"model_created\": 1e300, \"request_body\": \"{\\\"prompt\\\": \\\"\\\\ud83d\\\"}\"}]}"u8,
        ];
        await using RawServer server = RawServer.Answering(new RawAnswer(200) { Bytes = body }, Page());

        IReadOnlyList<HistoryRow> rows = await ListAsync(server);

        Assert.Equal(["a", "b"], rows.Select(row => row.RequestId));
        Assert.Equal("\uFFFD", rows[0].Model);
        Assert.Equal("\\ud83d \U0001F600 \uFFFD", rows[0].Fields!["prompt"].Plain);
        Assert.Equal("\uFFFD", rows[1].Fields!["prompt"].Plain);
        Assert.Null(rows[0].Latency);
        Assert.Null(rows[0].Cost);
    }

    [Theory]
    [InlineData(401, false, 1)]
    [InlineData(403, false, 1)]
    [InlineData(404, false, 1)]
    [InlineData(302, true, 1)]
    [InlineData(200, true, 1)]
    [InlineData(502, true, 3)]
    [InlineData(500, false, 3)]
    public async Task A_refusal_or_a_page_is_no_history(int status, bool isPage, int tries)
    {
        await using RawServer server = RawServer.Answering(isPage ? RawAnswer.Page(status) : RawAnswer.Error(status, "Missing x-api-key"));

        QwenEditException failure = await Assert.ThrowsAsync<QwenEditException>(() => ListAsync(server));

        Assert.True(failure.Error is EditError.UnexpectedAnswer or EditError.ServiceUnavailable, $"{failure.Error}");
        Assert.Equal(tries, server.Requests.Count);
    }

    [Fact]
    public async Task A_list_that_breaks_off_is_no_history()
    {
        await using RawServer server = RawServer.Answering(Page("a"), RawAnswer.Error(500));

        await Assert.ThrowsAsync<QwenEditException>(() => ListAsync(server));
    }

    [Fact]
    public async Task One_request_is_found_or_is_not_there()
    {
        await using RawServer server = RawServer.Answering(new RawAnswer(200, """{"request_id": "a b"}"""), RawAnswer.Error(404));
        using HistoryClient client = Client(server.Url);

        Assert.Equal("a b", (await client.FindAsync("a b", CancellationToken.None))?.RequestId);
        Assert.Null(await client.FindAsync("c", CancellationToken.None));
        Assert.Equal(["/inference-request/request-history/a%20b", "/inference-request/request-history/c"], server.Requests.Select(request => request.Path));
    }

    [Fact]
    public async Task A_redirect_does_not_lead_the_key_to_another_host()
    {
        await using RawServer stranger = RawServer.Answering(Page());
        await using RawServer server = RawServer.Answering(new RawAnswer(302, Headers: ("Location", stranger.Url.AbsoluteUri)));

        await Assert.ThrowsAsync<QwenEditException>(() => ListAsync(server));

        Assert.Equal(0, stranger.ConnectionCount);
    }

    [Theory]
    [InlineData(null, SegmindEndpoint.Default, HistoryClient.Default + "/")]
    [InlineData("", SegmindEndpoint.Default + "/v2/", HistoryClient.Default + "/")]
    [InlineData(null, "http://127.0.0.1:7433", null)]
    [InlineData(null, "https://proxy.example.com/segmind", null)]
    [InlineData("https://history.example.com", "https://proxy.example.com", "https://history.example.com/")]
    [InlineData("http://127.0.0.1:7435/", SegmindEndpoint.Default, "http://127.0.0.1:7435/")]
    public void The_key_goes_to_the_services_own_history_for_the_service_alone_else_only_where_the_user_says(string? named, string endpoint, string? history) =>
        Assert.Equal(history, HistoryClient.Find(named, SegmindEndpoint.Parse(endpoint))?.Root.AbsoluteUri);

    [Theory]
    [InlineData("http://history.example.com")]
    [InlineData("history")]
    public void It_is_never_sent_in_the_clear(string named) => Assert.Equal(
        EditError.InvalidEndpoint,
        Assert.Throws<QwenEditException>(() => HistoryClient.Find(named, SegmindEndpoint.Parse(SegmindEndpoint.Default))).Error);

    private static RawAnswer Page(params string[] ids) =>
        new(200, $$"""{"data": [{{string.Join(", ", ids.Select(id => $$"""{"request_id": "{{id}}"}"""))}}]}""");

    private async Task<IReadOnlyList<HistoryRow>> ListAsync(RawServer server)
    {
        using HistoryClient client = Client(server.Url);
        Dictionary<string, HistoryRow> rows = [];
        await client.ListAsync(new DateTime(2026, 9, 30), new DateTime(2026, 10, 2), "qwen", page => page.ToList().ForEach(row => rows[row.RequestId] = row), CancellationToken.None);
        return [.. rows.Values];
    }

    private HistoryClient Client(Uri history) => new(
        new SegmindConnection
        {
            Endpoint = SegmindEndpoint.Parse(SegmindEndpoint.Default),
            History = SegmindEndpoint.Parse(history.AbsoluteUri),
            ApiKey = TestClient.ApiKey,
            RequestTimeout = SkippingClock.Limit,
            MaximumRetryCount = 2,
        },
        _ => new HistoryImage(),
        _limiter.Limiter,
        _clock,
        new RecordingLog());
}
