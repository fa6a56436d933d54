using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using QwenEdit.Files;
using QwenEdit.Imaging;
using QwenEdit.Journal;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Files;

/// <summary>What is no image is an error by its path, before anything is sent.</summary>
public sealed class SourceImageTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("photo.jpg")]
    [InlineData("photo [1] (2).png")]
    [InlineData("海报.txt")]
    [InlineData("no extension")]
    public void An_image_is_one_whatever_its_name(string name)
    {
        string path = _folder.Write(name, TestImages.Jpeg);
        SourceImage image = SourceImage.Inspect(path);
        Assert.Equal(new SourceImage(path, ImageKind.Jpeg, TestImages.Jpeg.Length, File.GetLastWriteTimeUtc(path), FileId.Of(path)), image);
    }

    [Fact]
    public void It_opens_at_its_first_byte_as_often_as_it_is_tried()
    {
        SourceImage image = SourceImage.Inspect(_folder.Write("a.png", TestImages.Png));
        for (int attempt = 0; attempt < 2; attempt++)
        {
            using Stream stream = image.OpenRead();
            using MemoryStream bytes = new();
            stream.CopyTo(bytes);
            Assert.Equal(TestImages.Png, bytes.ToArray());
        }
    }

    [Fact]
    public void A_text_named_png_is_no_image() => AssertRefused(_folder.Write("a.png", "Not an image at all."u8.ToArray()), EditError.NotAnImage);

    [Fact]
    public void An_empty_file_is_no_image() =>
        Assert.Contains("empty", AssertRefused(_folder.Write("a.png", []), EditError.NotAnImage).Message, StringComparison.Ordinal);

    [Fact]
    public void The_first_bytes_of_an_image_alone_are_none() =>
        AssertRefused(_folder.Write("a.png", TestImages.Png[..7]), EditError.NotAnImage);

    [Fact]
    public void A_file_that_is_not_there() => AssertRefused(_folder.At("missing.png"), EditError.ImageNotFound);

    [Fact]
    public void A_folder_that_is_not_there() => AssertRefused(_folder.At(Path.Combine("missing", "a.png")), EditError.ImageNotFound);

    [Fact]
    public void A_folder_is_not_a_file() => AssertRefused(_folder.Path, EditError.NotAFile);

    [UnixFact("Windows has no pipes among files.")]
    public async Task A_pipe_is_refused_at_once()
    {
        string path = _folder.At("a.png");
        Assert.Equal(0, mkfifo(Encoding.UTF8.GetBytes(path + "\0"), 0x180));

        await Task.Run(() => AssertRefused(path, EditError.NotAFile)).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Throws<NotRegularFileException>(() => ContentHash.OfFile(path, CancellationToken.None));
    }

    [UnixFact("Windows has devices elsewhere.")]
    public void A_device_is_refused()
    {
        AssertRefused("/dev/zero", EditError.NotAFile);
        AssertRefused("/dev/null", EditError.NotAFile);
    }

    [UnixFact("On Windows a socket is a file.")]
    public void A_socket_is_refused()
    {
        string path = _folder.At("a.png");
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));

        AssertRefused(path, EditError.NotAFile);
    }

    [WindowsFact("Elsewhere the console has no name in every folder.")]
    public void The_console_is_refused() => AssertRefused(@"\\.\CON", EditError.NotAFile);

    [Fact]
    public void A_link_to_an_image_is_one()
    {
        string path = _folder.Write("a.png", TestImages.Png);
        File.CreateSymbolicLink(_folder.At("link.png"), path);
        Assert.Equal(TestImages.Png.Length, SourceImage.Inspect(_folder.At("link.png")).Length);
    }

    [Fact]
    public void A_file_that_is_being_written()
    {
        string path = _folder.Write("a.png", TestImages.Png);
        using FileStream writer = new(path, FileMode.Open, FileAccess.Write, FileShare.None);
        AssertRefused(path, EditError.ImageUnreadable);
    }

    [Fact]
    public void A_file_that_others_read_can_be_read()
    {
        string path = _folder.Write("a.png", TestImages.Png);
        using FileStream reader = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        Assert.Equal(ImageKind.Png, SourceImage.Inspect(path).Kind);
    }

    [Fact]
    public void A_name_that_is_too_long_is_an_error_of_that_file() =>
        AssertRefused(_folder.At(new StringBuilder().Append('a', 300).Append(".png").ToString()), EditError.ImageUnreadable, EditError.ImageNotFound);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int mkfifo(byte[] path, int mode);

    private static QwenEditException AssertRefused(string path, params EditError[] errors)
    {
        QwenEditException failure = Assert.Throws<QwenEditException>(() => SourceImage.Inspect(path));
        Assert.Contains(failure.Error, errors);
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        return failure;
    }
}
