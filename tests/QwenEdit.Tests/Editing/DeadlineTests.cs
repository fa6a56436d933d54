using QwenEdit.Commands.Parameters;
using QwenEdit.Files;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;
using QwenEdit.Tests.Reconciliation;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Editing;

/// <summary>The time of an edit bounds every part of it, through sockets that answer slowly.</summary>
public sealed class DeadlineTests : IDisposable
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(5);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_download_that_trickles_ends_with_the_time_of_the_edit()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RawServer server = new(async (request, connection) =>
        {
            await connection.AnswerAsync(Image, bodyBytes: 10);
            begun.SetResult();
            await connection.ReadHeadAsync();
        });
        using TestClient client = new(server.Url);
        Task<WrittenImage> download = DownloadAsync(client, server);

        await begun.Task;
        client.Clock.Advance(Time);

        QwenEditException failure = await Assert.ThrowsAsync<QwenEditException>(() => download);
        Assert.Equal(EditError.TimedOut, failure.Error);
        Assert.Contains("5 s", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public async Task Repetitions_of_a_download_end_with_the_time_of_the_edit()
    {
        await using RawServer server = RawServer.Answering(RawAnswer.Error(503));
        using TestClient client = new(server.Url, maximumRetryCount: 1000);
        DateTimeOffset begun = client.Clock.GetUtcNow();

        QwenEditException failure = await Assert.ThrowsAsync<QwenEditException>(() => DownloadAsync(client, server));

        Assert.Equal(EditError.TimedOut, failure.Error);
        Assert.InRange(client.Clock.GetUtcNow() - begun, Time, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_download_that_exceeds_the_time_limit_of_a_request_is_repeated()
    {
        int count = 0;
        await using RawServer server = new((_, connection) =>
            Interlocked.Increment(ref count) == 1 ? connection.ReadHeadAsync() : connection.AnswerAsync(Image));
        using TestClient client = new(server.Url);
        TimeSpan limit = TimeSpan.FromSeconds(2);
        using OutputDownload download = new(client.Connection with { RequestTimeout = limit }, client.Clock, client.Log);
        Task<int> reading = download.ReadAsync(
            new JobOutput { Url = server.Url },
            async (content, _, token) =>
            {
                using MemoryStream image = new();
                await content.CopyToAsync(image, token);
                return (int)image.Length;
            },
            new Deadline(client.Clock, SkippingClock.Limit),
            CancellationToken.None);

        await server.First.Soon();
        client.Clock.Advance(limit);

        Assert.Equal(TestImages.Png.Length, await reading.Soon());
        Assert.Equal(2, server.Requests.Count);
        Assert.Contains("it took longer than 2 s", client.Log.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_stops_is_told_so()
    {
        await using RawServer server = new((_, connection) => connection.ReadHeadAsync());
        using TestClient client = new(server.Url);
        using CancellationTokenSource stop = new();
        Task<WrittenImage> download = DownloadAsync(client, server, stop.Token);

        await server.First;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => download);
    }

    [Fact]
    public async Task A_question_that_trickles_ends_with_the_time_of_the_edit()
    {
        await using RawServer server = new(async (request, connection) =>
        {
            await connection.AnswerAsync(new RawAnswer(200, """{"status": "QUEUED"}"""), bodyBytes: 5);
            await connection.ReadHeadAsync();
        });
        using TestClient client = new(server.Url) { Patience = Time };
        Task<JobReport> question = client.GetStatusAsync();

        await server.First;
        client.Clock.Advance(Time);

        Assert.Equal(EditError.ConnectionFailed, (await Assert.ThrowsAsync<QwenEditException>(() => question)).Error);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_submission_is_listened_to_for_ten_seconds_at_least()
    {
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RawServer server = new(async (request, connection) =>
        {
            await connection.ReadBodyAsync(request);
            await answer.Task;
            await connection.AnswerAsync(RawAnswer.Accepted());
        });
        using TestClient client = new(server.Url) { Patience = Time };
        Task<JobReference> submission = client.SubmitAsync();

        await server.First;
        client.Clock.Advance(TimeSpan.FromSeconds(9));
        answer.SetResult();

        Assert.Equal("id-1", (await submission).RequestId);
    }

    [Fact]
    public async Task A_submission_without_an_answer_by_then_is_unknown()
    {
        await using RawServer server = new((_, connection) => connection.ReadHeadAsync());
        using TestClient client = new(server.Url) { Patience = Time };
        Task<JobReference> submission = client.SubmitAsync();

        await server.First;
        client.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(EditError.OutcomeUnknown, (await Assert.ThrowsAsync<QwenEditException>(() => submission)).Error);
    }

    private static RawAnswer Image => new(200, ContentType: "image/png") { Bytes = TestImages.Png };

    private async Task<WrittenImage> DownloadAsync(TestClient client, RawServer server, CancellationToken cancellationToken = default)
    {
        using OutputDownload download = new(client.Connection, client.Clock, client.Log);
        return await download.ReadAsync(
            new JobOutput { Url = server.Url },
            (content, length, token) => OutputFile.WriteAsync(content, length, _folder.At("a.png"), overwrite: false, token),
            new Deadline(client.Clock, Time),
            cancellationToken);
    }
}
