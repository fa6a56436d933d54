using System.Text;
using QwenEdit.Files;
using QwenEdit.Imaging;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Segmind.Contracts;

/// <summary>The streamed body: to the byte what JSON would have it be, and never whole where the image is not.</summary>
public sealed class SubmissionBodyTests : IDisposable
{
    private static readonly EditRequest Request = new() { Destination = "/nowhere.png", Prompt = "把“深圳”改成“上海”" };

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<int> Sizes => [.. Enumerable.Range(0, 11), (48 * 1024) - 1, 48 * 1024, (48 * 1024) + 1, 3_000_000, 3_000_001];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task The_body_is_to_the_byte_what_JSON_would_have_it_be(int size)
    {
        byte[] image = TestImages.BeginsAsPng(size);
        await using RawServer server = RawServer.Answering(RawAnswer.Accepted());
        using TestClient client = new(server.Url);

        await client.SubmitAsync(TestClient.Payload(image), Request);

        RawRequest request = Assert.Single(server.Requests);
        string fields = EditFields.Of(Request).Text.TrimEnd('}');
        string expected = $"{fields},\"image\":\"data:image/png;base64,{Convert.ToBase64String(image)}\"}}";
        Assert.True(expected == Encoding.UTF8.GetString(request.Body), $"{size} bytes make another body.");
        Assert.Equal(request.Body.Length, request.ContentLength);
        Assert.False(request.Headers.ContainsKey("Transfer-Encoding"));
        Assert.False(request.Headers.ContainsKey("Expect"));
        Assert.Equal("application/json", request.Headers["Content-Type"]);
    }

    [Fact]
    public async Task A_file_is_sent_as_it_lies_on_the_disk()
    {
        SourceImage source = SourceImage.Inspect(_folder.Write("[a] 海报.png", TestImages.Png));
        await using RawServer server = RawServer.Answering(RawAnswer.Accepted());
        using TestClient client = new(server.Url);

        await client.SubmitAsync(new ImagePayload(source.Kind.MediaType(), source.Length, source.OpenRead));

        Assert.EndsWith(
            $"\"data:image/png;base64,{Convert.ToBase64String(TestImages.Png)}\"}}", Encoding.UTF8.GetString(server.Requests[0].Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_remote_image_is_sent_as_its_address_alone()
    {
        await using RawServer server = RawServer.Answering(RawAnswer.Accepted());
        using TestClient client = new(server.Url);
        EditRequest request = Request with { Uri = new Uri("https://example.com/海报 1.png?x=1&y=%20") };

        await client.SubmitAsync(request: request);

        Assert.Equal(EditFields.Of(request).Text, Encoding.UTF8.GetString(server.Requests[0].Body));
        Assert.Contains("https://example.com/%E6%B5%B7%E6%8A%A5%201.png?x=1", Encoding.UTF8.GetString(server.Requests[0].Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100_000, 99_999)]
    [InlineData(100_000, 100_001)]
    [InlineData(49_152, 49_153)]
    [InlineData(20, 0)]
    [InlineData(9, 12)]
    public async Task A_file_that_changed_its_length_is_never_sent_whole(int before, int after)
    {
        string path = _folder.Write("a.png", TestImages.BeginsAsPng(before));
        SourceImage source = SourceImage.Inspect(path);
        File.WriteAllBytes(path, TestImages.BeginsAsPng(after));

        await AssertNotSentWholeAsync(new ImagePayload("image/png", source.Length, source.OpenRead));
    }

    [Fact]
    public async Task A_file_that_is_gone_is_never_sent_whole()
    {
        string path = _folder.Write("a.png", TestImages.BeginsAsPng(1000));
        SourceImage source = SourceImage.Inspect(path);
        File.Delete(path);

        await AssertNotSentWholeAsync(new ImagePayload("image/png", source.Length, source.OpenRead));
    }

    [Fact]
    public Task A_disk_that_fails_half_way_through_is_the_images_fault_and_not_the_networks() =>
        AssertNotSentWholeAsync(new ImagePayload("image/png", 200_000, () => new PiecewiseStream(
            TestImages.BeginsAsPng(100_000), atEnd: () => throw new IOException("The disk is gone."))));

    [Fact]
    public async Task A_file_that_comes_in_small_pieces_is_sent_all_the_same()
    {
        byte[] image = TestImages.BeginsAsPng(10_000);
        await using RawServer server = RawServer.Answering(RawAnswer.Accepted());
        using TestClient client = new(server.Url);

        await client.SubmitAsync(new ImagePayload("image/png", image.Length, () => new PiecewiseStream(image)));

        Assert.EndsWith(Convert.ToBase64String(image) + "\"}", Encoding.UTF8.GetString(server.Requests[0].Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_can_be_sent_once_only()
    {
        using SubmissionBody body = new(new SubmitRequest("model", "{\"prompt\":\"x\"}"u8.ToArray(), TestClient.Payload()), CancellationToken.None);
        Assert.False(body.HasBegun);

        await body.CopyToAsync(Stream.Null, CancellationToken.None);

        Assert.True(body.HasBegun);
        await Assert.ThrowsAsync<InvalidOperationException>(() => body.CopyToAsync(Stream.Null, CancellationToken.None));
    }

    private static async Task AssertNotSentWholeAsync(ImagePayload image)
    {
        await using RawServer server = RawServer.Answering(RawAnswer.Accepted());
        using TestClient client = new(server.Url);

        QwenEditException failure = await client.SubmitInVainAsync(image);

        Assert.Equal(EditError.ImageChanged, failure.Error);
        Assert.Equal(1, client.Tries);
        foreach (RawRequest request in server.Requests)
        {
            await request.Ended;
            Assert.False(request.IsComplete);
        }
    }
}
