using System.IO.Compression;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Segmind.Contracts;

/// <summary>The table of answers through a socket, for questions about a job: they may be repeated, but not for ever.</summary>
public sealed class JobAnswerTests
{
    private const int Once = 1;
    private const int Retries = 2;
    private const int EveryTry = 1 + Retries;

    [Theory]
    [InlineData(200, EditError.UnexpectedAnswer, EveryTry)]
    [InlineData(302, EditError.UnexpectedAnswer, Once)]
    [InlineData(401, EditError.ApiKeyRejected, Once)]
    [InlineData(402, EditError.InsufficientCredits, Once)]
    [InlineData(403, EditError.ModelForbidden, Once)]
    [InlineData(404, EditError.UnexpectedAnswer, Once)]
    [InlineData(405, EditError.UnexpectedAnswer, Once)]
    [InlineData(408, EditError.ServiceUnavailable, EveryTry)]
    [InlineData(422, EditError.UnexpectedAnswer, Once)]
    [InlineData(500, EditError.ServiceUnavailable, EveryTry)]
    [InlineData(502, EditError.ServiceUnavailable, EveryTry)]
    [InlineData(504, EditError.ServiceUnavailable, EveryTry)]
    public Task A_page_of_something_in_between(int status, EditError error, int requests) =>
        AssertAnswered(RawAnswer.Page(status), error, requests);

    [Theory]
    [InlineData(401, EditError.ApiKeyRejected, Once)]
    [InlineData(402, EditError.InsufficientCredits, Once)]
    [InlineData(404, EditError.RecordExpired, Once)]
    [InlineData(500, EditError.ServiceUnavailable, EveryTry)]
    public Task The_gateways_own_word(int status, EditError error, int requests) => AssertAnswered(RawAnswer.Error(status), error, requests);

    [Theory]
    [InlineData("""{"status": "FAILED", "error": "blocked by the content policy", "metrics": {"total_time": 2}}""", "blocked by the content policy")]
    [InlineData("""{"error": "no state in the body"}""", "no state in the body")]
    [InlineData("""{"status": "PROCESSING", "detail": "422 counts"}""", "422 counts")]
    public async Task A_422_is_a_failed_job_unless_its_body_says_that_it_is_completed(string body, string error)
    {
        await using RawServer server = RawServer.Answering(new RawAnswer(422, body));
        using TestClient client = new(server.Url);

        JobReport report = await client.GetStatusAsync();

        Assert.Equal(EditState.Failed, report.State);
        Assert.Equal(error, report.Error);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(500)]
    [InlineData(502)]
    public async Task A_terminal_status_in_the_body_counts_whatever_the_code(int status)
    {
        await using RawServer server = RawServer.Answering(
            new RawAnswer(status, """{"status": "FAILED", "error": "blocked", "metrics": {"inference_time": 1.5, "queue_time": 0.1}}"""),
            new RawAnswer(status, """{"status": "COMPLETED", "output": "https://images.segmind.com/a.png"}"""));
        using TestClient client = new(server.Url, Retries);

        JobReport failed = await client.GetStatusAsync();
        JobReport completed = await client.GetResultAsync();

        Assert.Equal((EditState.Failed, "blocked", 1.5), (failed.State, failed.Error, failed.InferenceSeconds));
        Assert.Equal((EditState.Completed, new Uri("https://images.segmind.com/a.png")), (completed.State, completed.Output?.Url));
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(500, """{"status": "PROCESSING"}""")]
    [InlineData(503, """{"status": "failed", "message": "Service Unavailable"}""")]
    [InlineData(500, """{"status": 500, "error": "FAILED"}""")]
    public Task What_is_no_terminal_status_of_the_services_own_is_asked_again(int status, string body) =>
        AssertAnswered(new RawAnswer(status, body), EditError.ServiceUnavailable, EveryTry);

    [Fact]
    public async Task An_error_that_is_no_text_is_read_as_far_as_it_is_one()
    {
        byte[] body = [.. "{\"status\": \"FAILED\", \"error\": \"blocked \\ud83d "u8, 0xFF, .. "\", \"seed\": 1e999}"u8];
        await using RawServer server = RawServer.Answering(new RawAnswer(422) { Bytes = body });
        using TestClient client = new(server.Url);

        JobReport report = await client.GetStatusAsync();

        Assert.Equal((EditState.Failed, "blocked \uFFFD \uFFFD", null), (report.State, report.Error, report.Seed));
    }

    [Fact]
    public async Task No_answer_is_decompressed_so_that_none_takes_more_memory_than_was_sent()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("{\"status\": \"QUEUED\"}"u8);
        }

        RawAnswer answer = new(200, Headers: ("Content-Encoding", "gzip")) { Bytes = packed.ToArray() };
        await using RawServer server = RawServer.Answering(answer);
        using TestClient client = new(server.Url, Retries);

        QwenEditException failure = await Assert.ThrowsAsync<QwenEditException>(() => client.GetStatusAsync());

        Assert.Equal(EditError.UnexpectedAnswer, failure.Error);
        Assert.All(server.Requests, request => Assert.Equal("identity", request.Headers["Accept-Encoding"]));
    }

    [Theory]
    [InlineData(200, EditError.UnexpectedAnswer, 64)]
    [InlineData(400, EditError.UnexpectedAnswer, 24)]
    public async Task An_answer_without_an_end_is_given_up(int status, EditError error, int mebibytes)
    {
        TaskCompletionSource<long> sent = new();
        await using RawServer server = new(async (_, connection) =>
        {
            await connection.AnswerAsync(new RawAnswer(status, new string('x', 200_000_000)), bodyBytes: 0);
            sent.TrySetResult(await connection.FloodAsync(new byte[1024 * 1024], 199));
        });
        using TestClient client = new(server.Url, maximumRetryCount: 0);

        QwenEditException failure = await Assert.ThrowsAsync<QwenEditException>(() => client.GetStatusAsync());

        Assert.Equal(error, failure.Error);
        Assert.InRange(await sent.Task.Soon(), 0, mebibytes * 1024 * 1024);
    }

    [Fact]
    public async Task A_question_survives_answers_that_broke_off()
    {
        int count = 0;
        await using RawServer server = new(async (_, connection) =>
        {
            RawAnswer answer = new(200, """{"status": "PROCESSING"}""");
            switch (++count)
            {
                case 1:
                    connection.Reset();
                    break;
                case 2:
                    await connection.AnswerAsync(answer, bodyBytes: 5);
                    connection.Close();
                    break;
                default:
                    await connection.AnswerAsync(answer);
                    break;
            }
        });
        using TestClient client = new(server.Url, Retries);

        Assert.Equal(EditState.Processing, (await client.GetStatusAsync()).State);
        Assert.Equal(EveryTry, server.Requests.Count);
    }

    [Fact]
    public async Task A_rate_limit_on_a_question_is_waited_out_too()
    {
        await using RawServer server = RawServer.Answering(
            RawAnswer.Error(429), RawAnswer.Error(429), RawAnswer.Error(429), new RawAnswer(200, """{"status": "QUEUED"}"""));
        using TestClient client = new(server.Url, maximumRetryCount: 0);

        Assert.Equal(EditState.Queued, (await client.GetStatusAsync()).State);
    }

    private static async Task AssertAnswered(RawAnswer answer, EditError error, int requests)
    {
        await using RawServer server = RawServer.Answering(answer);
        using TestClient client = new(server.Url, Retries);

        QwenEditException failure = await Assert.ThrowsAsync<QwenEditException>(() => client.GetStatusAsync());

        Assert.Equal(error, failure.Error);
        Assert.Equal(requests, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.Equal("GET /v2/requests/id-1/status", $"{request.Method} {request.Path}"));
    }
}
