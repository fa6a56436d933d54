using QwenEdit.Files;
using QwenEdit.Imaging;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Segmind.Contracts;

/// <summary>What is allocated in the whole process while one image is sent: so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(SubmissionMemoryTests), DisableParallelization = true)]
[Collection(nameof(SubmissionMemoryTests))]
public sealed class SubmissionMemoryTests : IDisposable
{
    private const long ImageSize = 40L << 20;
    private const long Allowance = 3L << 20;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_image_of_40_MB_is_sent_through_a_few_buffers_also_where_the_exchange_is_told(bool isTold)
    {
        string path = _folder.Write("large.png", TestImages.Png);
        using (FileStream file = File.OpenWrite(path))
        {
            file.SetLength(ImageSize);
        }

        SourceImage source = SourceImage.Inspect(path);
        ImagePayload payload = new(source.Kind.MediaType(), source.Length, source.OpenRead);
        await using RawServer server = new(async (request, connection) =>
        {
            await connection.ReadBodyAsync(request, keep: false);
            await connection.AnswerAsync(RawAnswer.Accepted());
        });
        using TestClient client = new(server.Url);
        client.Log.WantsExchanges = isTold;
        await client.SubmitAsync(TestClient.Payload());

        long before = GC.GetTotalAllocatedBytes(precise: true);
        await client.SubmitAsync(payload);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        Assert.True(server.Requests[1].Received > ImageSize * 4 / 3);
        Assert.Equal(isTold, client.Log.Everything.Contains("<base64, 55,924,056 characters>", StringComparison.Ordinal));
        Assert.True(allocated < Allowance, $"{allocated} bytes were allocated for one image of {ImageSize}.");
    }
}
