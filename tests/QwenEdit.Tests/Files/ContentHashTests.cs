using System.Security.Cryptography;
using QwenEdit.Files;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Files;

/// <summary>What a file's content is, told without holding it.</summary>
public sealed class ContentHashTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64 * 1024 - 1)]
    [InlineData(64 * 1024)]
    [InlineData(1_000_001)]
    public void The_hash_of_a_file_is_its_SHA_256_in_lower_case(int size)
    {
        byte[] content = TestImages.BeginsAsPng(size);
        string path = _folder.Write("a.png", content);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), ContentHash.OfFile(path, CancellationToken.None));
    }

    [Fact]
    public void A_cancelled_hash_is_none()
    {
        string path = _folder.Write("a.png", TestImages.Png);
        Assert.ThrowsAny<OperationCanceledException>(() => ContentHash.OfFile(path, new CancellationToken(canceled: true)));
    }
}
