using System.Text;
using QwenEdit.Compatibility;
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
    public void The_hash_of_a_file_is_that_of_its_bytes(int size)
    {
        byte[] content = TestImages.BeginsAsPng(size);
        string path = _folder.Write("a.png", content);
        Assert.Equal(ContentHash.Of(content), ContentHash.OfFile(path, CancellationToken.None));
    }

    // The values of xxHash's own command line: xxhsum -H2.
    [Theory]
    [InlineData("", "99aa06d3014798d86001c324468d497f")]
    [InlineData("a", "a96faf705af16834e6c632b61e964e1f")]
    public void Hashes_are_those_of_XXH128(string text, string hash) => Assert.Equal(hash, ContentHash.Of(Encoding.UTF8.GetBytes(text)));

    // Journals are known by them: they must never change.
    [Fact]
    public void A_text_is_hashed_as_ever() =>
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", TextHash.Of("abc"));

    [Fact]
    public void A_cancelled_hash_is_none()
    {
        string path = _folder.Write("a.png", TestImages.Png);
        Assert.ThrowsAny<OperationCanceledException>(() => ContentHash.OfFile(path, new CancellationToken(canceled: true)));
    }
}
