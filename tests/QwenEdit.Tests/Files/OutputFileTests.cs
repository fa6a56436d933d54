using QwenEdit.Files;
using QwenEdit.Imaging;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Files;

/// <summary>An edited image is under its name whole or not at all, and no temporary file outlives the writing.</summary>
public sealed class OutputFileTests : IDisposable
{
    private static readonly byte[] Before = "what was there before"u8.ToArray();

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_temporary_file_has_a_name_that_nobody_can_foresee()
    {
        TemporaryFiles temporaries = new("1234abcd", "session", _ => true);
        HashSet<string> names = [];
        for (int time = 0; time < 2; time++)
        {
            using MemoryStream content = new(TestImages.Png);
            await OutputFile.WriteAsync(content, null, _folder.At("a.png"), overwrite: true, CancellationToken.None, temporaries, _ =>
            {
                names.UnionWith(_folder.Names.Where(name => name.StartsWith(".qwenedit-1234abcd-session-", StringComparison.Ordinal)));
                return Task.CompletedTask;
            });
        }

        Assert.Equal(2, names.Count);
        Assert.Equal(["a.png"], _folder.Names);
    }

    [Fact]
    public async Task What_a_writer_finds_of_a_dead_one_is_removed()
    {
        _folder.Write(".qwenedit-1234abcd-dead-1.tmp", [1]);
        using MemoryStream content = new(TestImages.Png);

        await OutputFile.WriteAsync(
            content, null, _folder.At("a.png"), overwrite: false, CancellationToken.None, new TemporaryFiles("1234abcd", "session", _ => false));

        Assert.Equal(["a.png"], _folder.Names);
    }

    [Fact]
    public async Task A_whole_image_is_written()
    {
        string path = _folder.At("海报 [1].png");

        WrittenImage written = await WriteAsync(TestImages.Png, path);

        string hash = ContentHash.Of(TestImages.Png);
        Assert.Equal(new WrittenImage(path, TestImages.Png.Length, ImageKind.Png, hash, File.GetLastWriteTimeUtc(path)), written);
        Assert.Equal(TestImages.Png, File.ReadAllBytes(path));
        Assert.Equal(["海报 [1].png"], _folder.Names);
    }

    [Fact]
    public async Task An_image_of_unknown_length_is_written()
    {
        using MemoryStream content = new(TestImages.Png);
        WrittenImage written = await OutputFile.WriteAsync(content, null, _folder.At("a.png"), overwrite: false, CancellationToken.None);
        Assert.Equal(TestImages.Png.Length, written.Length);
    }

    [Fact]
    public async Task A_large_image_that_comes_in_pieces_is_written_in_order()
    {
        byte[] image = TestImages.WholePng(1_000_001);
        string path = _folder.At("a.png");
        await OutputFile.WriteAsync(new PiecewiseStream(image), image.Length, path, overwrite: false, CancellationToken.None);
        Assert.Equal(image, File.ReadAllBytes(path));
    }

    [Fact]
    public async Task Missing_folders_are_made()
    {
        string path = _folder.At(Path.Combine("one", "two", "a.png"));
        await WriteAsync(TestImages.Png, path);
        Assert.True(File.Exists(path));
    }

    [Theory]
    [InlineData("a", "a.png")]
    [InlineData("a.png", "a.png")]
    [InlineData("a.jpeg", "a.jpeg")]
    public async Task A_destination_without_an_extension_gets_that_of_the_image_that_came(string name, string file)
    {
        Assert.Equal(_folder.At(file), (await WriteAsync(TestImages.Png, _folder.At(name))).Path);
        Assert.Equal([file], _folder.Names);
    }

    [Fact]
    public async Task An_image_that_was_cut_is_not_there()
    {
        QwenEditException failure = await FailAsync(EditError.OutputInvalid, () => WriteAsync(TestImages.Png[..40], "a.png", TestImages.Png.Length));
        Assert.Contains($"40 of {TestImages.Png.Length} bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task An_image_that_is_too_long_is_not_there() =>
        FailAsync(EditError.OutputInvalid, () => WriteAsync(TestImages.Png, "a.png", TestImages.Png.Length - 1));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_image_without_an_end_does_not_fill_the_disk(bool isAnnounced)
    {
        const long Largest = 1_000_000;
        EndlessStream content = new(TestImages.Png);

        QwenEditException failure = await Assert.ThrowsAsync<QwenEditException>(() => OutputFile.WriteAsync(
            content, isAnnounced ? 1_000_000_000 : null, _folder.At("a.png"), overwrite: false, CancellationToken.None, largest: Largest));

        Assert.Equal(EditError.OutputInvalid, failure.Error);
        Assert.Contains("1000000 bytes", failure.Message, StringComparison.Ordinal);
        Assert.InRange(content.BytesRead, 0, isAnnounced ? 0 : Largest + (64 * 1024));
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public async Task No_more_is_read_than_was_announced()
    {
        EndlessStream content = new(TestImages.Png);

        await FailAsync(EditError.OutputInvalid, () => OutputFile.WriteAsync(content, TestImages.Png.Length, _folder.At("a.png"), overwrite: false, CancellationToken.None));

        Assert.InRange(content.BytesRead, 0, 128 * 1024);
    }

    [Fact]
    public Task A_page_is_not_there() => FailAsync(EditError.OutputInvalid, () => WriteAsync("<html>Welcome to the network</html>"u8.ToArray(), "a.png"));

    [Fact]
    public Task Nothing_is_not_there() => FailAsync(EditError.OutputInvalid, () => WriteAsync([], "a.png"));

    [Fact]
    public async Task A_connection_that_breaks_leaves_nothing()
    {
        await Assert.ThrowsAsync<IOException>(() => WriteAsync(new PiecewiseStream(TestImages.Png, atEnd: () => throw new IOException("reset"))));
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public async Task A_cancellation_leaves_nothing()
    {
        using CancellationTokenSource cancellation = new();
        PiecewiseStream content = new(TestImages.Png, atEnd: cancellation.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => OutputFile.WriteAsync(content, null, _folder.At("a.png"), overwrite: false, cancellation.Token));
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public async Task An_existing_file_is_left_as_it_is()
    {
        string path = _folder.Write("a.png", Before);
        await FailAsync(EditError.DestinationExists, () => WriteAsync(TestImages.Png, path), left: "a.png");
        Assert.Equal(Before, File.ReadAllBytes(path));
    }

    [Fact]
    public async Task An_existing_file_that_only_the_images_extension_leads_to_is_left_as_it_is()
    {
        string path = _folder.Write("a.png", Before);
        await FailAsync(EditError.DestinationExists, () => WriteAsync(TestImages.Png, "a"), left: "a.png");
        Assert.Equal(Before, File.ReadAllBytes(path));
    }

    [Fact]
    public async Task An_existing_file_is_replaced_where_that_was_asked_for()
    {
        string path = _folder.Write("a.png", Before);
        using MemoryStream content = new(TestImages.Png);
        await OutputFile.WriteAsync(content, null, path, overwrite: true, CancellationToken.None);
        Assert.Equal(TestImages.Png, File.ReadAllBytes(path));
        Assert.Equal(["a.png"], _folder.Names);
    }

    [Fact]
    public async Task An_existing_file_outlives_a_replacement_that_was_cut()
    {
        string path = _folder.Write("a.png", Before);
        using MemoryStream content = new(TestImages.Png[..40]);
        await FailAsync(
            EditError.OutputInvalid,
            () => OutputFile.WriteAsync(content, TestImages.Png.Length, path, overwrite: true, CancellationToken.None),
            left: "a.png");
        Assert.Equal(Before, File.ReadAllBytes(path));
    }

    [Fact]
    public Task A_folder_in_the_files_place_is_an_error()
    {
        Directory.CreateDirectory(_folder.At("a.png"));
        return FailAsync(EditError.DestinationUnwritable, () => WriteAsync(TestImages.Png, "a.png"), left: "a.png");
    }

    [Fact]
    public Task A_file_in_the_folders_place_is_an_error()
    {
        string path = _folder.Write("folder", Before);
        return FailAsync(EditError.DestinationUnwritable, () => WriteAsync(TestImages.Png, Path.Combine(path, "a.png")), left: "folder");
    }

    [UnixFact("Windows lets no folder go away under an open file.")]
    public async Task A_folder_that_goes_away_meanwhile_is_an_error_of_the_destination()
    {
        string folder = _folder.At("folder");
        PiecewiseStream content = new(TestImages.Png, atEnd: () => Directory.Delete(folder, recursive: true));
        await FailAsync(
            EditError.DestinationUnwritable,
            () => OutputFile.WriteAsync(content, null, Path.Combine(folder, "a.png"), overwrite: false, CancellationToken.None));
    }

    private Task<WrittenImage> WriteAsync(Stream content) =>
        OutputFile.WriteAsync(content, null, _folder.At("a.png"), overwrite: false, CancellationToken.None);

    private async Task<WrittenImage> WriteAsync(byte[] content, string path, long? length = null)
    {
        using MemoryStream stream = new(content);
        return await OutputFile.WriteAsync(stream, length ?? content.Length, _folder.At(path), overwrite: false, CancellationToken.None);
    }

    private async Task<QwenEditException> FailAsync(EditError error, Func<Task> write, params string[] left)
    {
        QwenEditException failure = await Assert.ThrowsAsync<QwenEditException>(write);
        Assert.Equal(error, failure.Error);
        Assert.Equal(left, _folder.Names);
        return failure;
    }
}
