using QwenEdit.Files;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Files;

/// <summary>A file is told from another that took its place.</summary>
public sealed class FileIdTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_keeps_its_number_when_it_changes()
    {
        string path = _folder.Write("a 海报.png", TestImages.Png);
        long number = FileId.Of(path);
        File.AppendAllText(path, "more");

        Assert.NotEqual(0, number);
        Assert.Equal(number, FileId.Of(path));
    }

    [UnixFact("Inodes are of Unix.")]
    public void Another_of_the_same_length_and_time_has_another()
    {
        string path = _folder.Write("a.png", TestImages.Png);
        SourceImage image = SourceImage.Inspect(path);
        string other = _folder.Write("b.png", [.. TestImages.Png[..^1], 0]);
        File.SetLastWriteTimeUtc(other, image.Time);
        File.Move(other, path, overwrite: true);

        SourceImage now = SourceImage.Inspect(path);

        Assert.Equal((image.Length, image.Time), (now.Length, now.Time));
        Assert.NotEqual(image.Number, now.Number);
    }
}
