using System.Text;
using System.Text.Json;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Segmind;

public sealed class StorageClientTests
{
    [Theory]
    [InlineData("https://api.segmind.com", "https://workflows-api.segmind.com/upload-asset")]
    [InlineData("https://api.segmind.com/v1", "https://workflows-api.segmind.com/upload-asset")]
    [InlineData("https://gateway.example.com/segmind/v2", "https://gateway.example.com/segmind/upload-asset")]
    [InlineData("http://127.0.0.1:5000", "http://127.0.0.1:5000/upload-asset")]
    public void The_key_goes_to_the_services_own_storage_or_to_the_host_that_the_user_named(string endpoint, string upload) =>
        Assert.Equal(upload, StorageClient.Find(SegmindEndpoint.Parse(endpoint)).Upload.AbsoluteUri);

    [Theory]
    [InlineData(1)]
    [InlineData(300_001)]
    public async Task The_body_is_one_data_URI(int size)
    {
        byte[] image = TestImages.BeginsAsPng(size + 8);
        using SubmissionBody body = SubmissionBody.OfUpload(TestClient.Payload(image), CancellationToken.None);

        string text = Encoding.ASCII.GetString(await body.ReadAsByteArrayAsync());

        using JsonDocument json = JsonDocument.Parse(text);
        string url = Assert.Single(json.RootElement.GetProperty("data_urls").EnumerateArray()).GetString()!;
        Assert.Equal("data:image/png;base64," + Convert.ToBase64String(image), url);
        Assert.Equal(text.Length, body.Headers.ContentLength);
    }

    [Fact]
    public async Task An_empty_balance_stops_the_batch_here_as_well()
    {
        await using RawServer server = RawServer.Answering(RawAnswer.Error(402, "Insufficient credits"));
        SkippingClock clock = new();
        RecordingLog log = new();
        using TestRateLimiter limiter = new(clock, log);
        using StorageClient client = new(
            new SegmindConnection { Endpoint = SegmindEndpoint.Parse(server.Url.AbsoluteUri), ApiKey = TestClient.ApiKey }, limiter.Limiter, clock, log);

        QwenEditException failure = await Assert.ThrowsAsync<QwenEditException>(
            () => client.UploadAsync(TestClient.Payload(), new Deadline(clock, TimeSpan.FromMinutes(1)), CancellationToken.None));

        Assert.Equal((EditError.InsufficientCredits, 402), (failure.Error, failure.StatusCode));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("""{"message": "done"}""")]
    [InlineData("""{"file_urls": []}""")]
    [InlineData("""{"file_urls": ["not an address"]}""")]
    [InlineData("""{"file_urls": null}""")]
    public async Task An_answer_without_an_address_is_a_failure(string answer)
    {
        await using RawServer server = RawServer.Answering(new RawAnswer(200, answer));
        SkippingClock clock = new();
        RecordingLog log = new();
        using TestRateLimiter limiter = new(clock, log);
        using StorageClient client = new(
            new SegmindConnection { Endpoint = SegmindEndpoint.Parse(server.Url.AbsoluteUri), ApiKey = TestClient.ApiKey }, limiter.Limiter, clock, log);

        QwenEditException failure = await Assert.ThrowsAsync<QwenEditException>(
            () => client.UploadAsync(TestClient.Payload(), new Deadline(clock, TimeSpan.FromMinutes(1)), CancellationToken.None));

        Assert.Equal(EditError.UploadFailed, failure.Error);
        Assert.Single(server.Requests);
    }
}
