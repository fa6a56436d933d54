using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Segmind.Http;

/// <summary>The key goes to the API host only. The other servers here keep what they are sent.</summary>
public sealed class ApiKeySecrecyTests
{
    [Fact]
    public async Task The_API_host_gets_the_key_with_every_request()
    {
        await using RawServer api = RawServer.Answering(RawAnswer.Accepted(), new RawAnswer(200, """{"status": "QUEUED"}"""));
        using TestClient client = new(api.Url);

        JobReference job = await client.SubmitAsync();
        await client.GetStatusAsync(job);
        await client.GetResultAsync(job);

        Assert.Equal(3, api.Requests.Count);
        Assert.All(api.Requests, request => Assert.Equal(TestClient.ApiKey, request.Headers["x-api-key"]));
        Assert.All(api.Requests, request => Assert.False(request.Headers.ContainsKey("Authorization")));
        Assert.All(api.Requests, request => Assert.StartsWith("QwenEdit/", request.Headers["User-Agent"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Polling_URLs_of_another_host_are_not_followed()
    {
        await using RawServer stranger = RawServer.Answering(new RawAnswer(200, """{"status": "COMPLETED"}"""));
        await using RawServer api = RawServer.Answering(
            new RawAnswer(200, $$"""{"request_id": "id-1", "status_url": "{{stranger.Url}}status", "response_url": "{{stranger.Url}}result"}"""),
            new RawAnswer(200, """{"status": "QUEUED"}"""));
        using TestClient client = new(api.Url);

        JobReference job = await client.SubmitAsync();
        await client.GetStatusAsync(job);
        await client.GetResultAsync(job);

        Assert.Equal(0, stranger.ConnectionCount);
        Assert.Equal(["/v2/requests/id-1/status", "/v2/requests/id-1"], api.Requests.Skip(1).Select(request => request.Path));
    }

    [Fact]
    public async Task Polling_URLs_of_the_own_host_are_followed_as_they_are()
    {
        await using RawServer api = new(async (request, connection) =>
        {
            await connection.ReadBodyAsync(request);
            string own = $"http://{request.Headers["Host"]}";
            await connection.AnswerAsync(new RawAnswer(
                200, $$"""{"request_id": "id-1", "status": "QUEUED", "status_url": "{{own}}/v3/state?of=id-1", "response_url": "/v3/all"}"""));
        });
        using TestClient client = new(api.Url);

        JobReference job = await client.SubmitAsync();
        await client.GetStatusAsync(job);
        await client.GetResultAsync(job);

        Assert.Equal(["/v3/state?of=id-1", "/v3/all"], api.Requests.Skip(1).Select(request => request.Path));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using RawServer stranger = RawServer.Answering(RawAnswer.Accepted());
        await using RawServer api = RawServer.Answering(new RawAnswer(status, Headers: ("Location", stranger.Url.AbsoluteUri)));
        using TestClient client = new(api.Url);

        Assert.Equal(EditError.UnexpectedAnswer, (await client.SubmitInVainAsync(TestClient.Payload())).Error);
        Assert.Equal(
            EditError.UnexpectedAnswer, (await Assert.ThrowsAsync<QwenEditException>(() => client.GetStatusAsync())).Error);

        Assert.Equal(0, stranger.ConnectionCount);
    }

    [Fact]
    public async Task The_files_host_gets_no_key_nor_does_the_one_it_redirects_to()
    {
        await using RawServer mirror = RawServer.Answering(new RawAnswer(200, "GIF89a-in-full", "image/gif"));
        await using RawServer files = RawServer.Answering(new RawAnswer(302, Headers: ("Location", mirror.Url.AbsoluteUri)));
        using TestClient client = new(files.Url);
        using OutputDownload download = new(client.Connection, client.Clock, client.Log);

        long length = await download.ReadAsync(
            new JobOutput { Url = files.Url },
            async (content, _, token) =>
            {
                using MemoryStream bytes = new();
                await content.CopyToAsync(bytes, token);
                return bytes.Length;
            },
            new Deadline(client.Clock, client.Patience),
            CancellationToken.None);

        Assert.Equal(14, length);
        Assert.All(files.Requests.Concat(mirror.Requests), request => Assert.DoesNotContain(
            request.Headers, header => header.Key.Equals("x-api-key", StringComparison.OrdinalIgnoreCase) || header.Value.Contains(TestClient.ApiKey, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Nothing_that_is_said_has_the_key_in_it()
    {
        await using RawServer api = RawServer.Answering(RawAnswer.Error(429), RawAnswer.Error(500), RawAnswer.Error(401, "invalid_api_key"));
        using TestClient client = new(api.Url);

        QwenEditException failure = await client.SubmitInVainAsync();

        Assert.Equal(3, api.Requests.Count);
        Assert.NotEmpty(client.Log.Everything);
        Assert.DoesNotContain(TestClient.ApiKey, failure + client.Log.Everything, StringComparison.Ordinal);
    }
}
