using System.Text;
using ImageMagick;
using QwenEdit.Files;
using QwenEdit.Imaging;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;
using QwenEdit.Tests.Reconciliation;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Editing;

/// <summary>Downloads of every kind of answer, through sockets: only a whole image becomes a file.</summary>
public sealed class DownloadTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SkippingClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\"999\"")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("1e14")]
    [InlineData("{}")]
    public async Task A_wrong_file_size_does_not_lose_the_image(string fileSize)
    {
        await using RawServer server = RawServer.Answering(Image(TestImages.Png));

        WrittenImage image = await DownloadAsync(server, fileSize);

        Assert.Equal(TestImages.Png, File.ReadAllBytes(image.Path));
    }

    [Theory]
    [InlineData(MagickFormat.Png)]
    [InlineData(MagickFormat.Jpeg)]
    [InlineData(MagickFormat.WebP)]
    public async Task An_image_without_an_announced_length_is_whole_when_its_structure_ends(MagickFormat format)
    {
        byte[] whole = TestImages.Make(format);
        await using RawServer server = RawServer.Answering(Image(whole) with { HasLength = false });

        Assert.Equal(whole, File.ReadAllBytes((await DownloadAsync(server)).Path));
    }

    [Theory]
    [InlineData(MagickFormat.Png)]
    [InlineData(MagickFormat.Jpeg)]
    [InlineData(MagickFormat.WebP)]
    public async Task Bytes_after_the_end_of_an_image_are_kept(MagickFormat format)
    {
        byte[] image = [.. TestImages.Make(format), .. "and more"u8];
        await using RawServer server = RawServer.Answering(Image(image));

        Assert.Equal(image, File.ReadAllBytes((await DownloadAsync(server)).Path));
    }

    [Theory]
    [InlineData(MagickFormat.Png, true)]
    [InlineData(MagickFormat.Png, false)]
    [InlineData(MagickFormat.Jpeg, true)]
    [InlineData(MagickFormat.Jpeg, false)]
    [InlineData(MagickFormat.WebP, true)]
    [InlineData(MagickFormat.WebP, false)]
    public async Task A_truncated_image_is_no_result_whatever_length_is_announced(MagickFormat format, bool hasLength)
    {
        byte[] whole = TestImages.Make(format);
        await using RawServer server = RawServer.Answering(Image(whole[..^1]) with { HasLength = hasLength });

        await FailAsync(server);
    }

    [Theory]
    [InlineData(MagickFormat.Png)]
    [InlineData(MagickFormat.Jpeg)]
    [InlineData(MagickFormat.WebP)]
    public async Task A_signature_and_a_page_are_no_image(MagickFormat format)
    {
        byte[] page = Encoding.UTF8.GetBytes("<html><title>Bad Gateway</title>" + new string('x', 5000) + "</html>");
        await using RawServer server = RawServer.Answering(Image([.. TestImages.Make(format)[..12], .. page]));

        await FailAsync(server);
    }

    [Fact]
    public async Task A_part_is_not_taken_for_the_whole()
    {
        await using RawServer server = RawServer.Answering(Image(TestImages.Png) with { Status = 206 });

        Assert.Equal(206, (await FailAsync(server)).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_image_whose_structure_does_not_tell_its_end_needs_an_announced_length(bool hasLength)
    {
        byte[] gif = TestImages.Make(MagickFormat.Gif);
        await using RawServer server = RawServer.Answering(Image(gif) with { HasLength = hasLength });

        if (hasLength)
        {
            Assert.Equal(ImageKind.Gif, (await DownloadAsync(server)).Kind);
        }
        else
        {
            await FailAsync(server);
        }
    }

    private static RawAnswer Image(byte[] bytes) => new(200, ContentType: "image/png") { Bytes = bytes };

    private async Task<QwenEditException> FailAsync(RawServer server)
    {
        QwenEditException failure = await Assert.ThrowsAsync<QwenEditException>(() => DownloadAsync(server));
        Assert.Equal(EditError.OutputInvalid, failure.Error);
        Assert.Empty(_folder.Names);
        return failure;
    }

    private async Task<WrittenImage> DownloadAsync(RawServer server, string fileSize = "null")
    {
        JobReport report = JobParser.Report(Encoding.UTF8.GetBytes($$"""{"images": [{"url": "{{server.Url}}a.png", "file_size": {{fileSize}} }]}"""));
        SegmindConnection connection = new()
        {
            Endpoint = SegmindEndpoint.Parse(server.Url.AbsoluteUri),
            ApiKey = TestClient.ApiKey,
            RequestTimeout = SkippingClock.Limit,
            MaximumRetryCount = 0,
        };
        using OutputDownload download = new(connection, _clock, new RecordingLog());
        return await download.ReadAsync(
            report.Output!,
            (content, length, token) => OutputFile.WriteAsync(content, length, _folder.At("a.png"), overwrite: false, token),
            new Deadline(_clock, SkippingClock.Limit),
            CancellationToken.None);
    }
}
