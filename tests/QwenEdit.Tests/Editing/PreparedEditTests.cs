using QwenEdit.Editing;
using QwenEdit.Imaging;
using QwenEdit.Tests.Reconciliation;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Editing;

/// <summary>What can't be sent, or could not be kept, is an error before anything is sent.</summary>
public sealed class PreparedEditTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_local_image_is_looked_at()
    {
        PreparedEdit edit = PreparedEdit.Prepare(Request());
        Assert.Equal(ImageKind.Png, edit.Image?.Kind);
        Assert.Equal(("image/png", TestImages.Png.Length), (edit.Payload!.MediaType, edit.Payload.Length));
    }

    [Fact]
    public void A_remote_image_is_not() =>
        Assert.Null(PreparedEdit.Prepare(Request() with { Path = null, Uri = new Uri("https://example.com/a.png") }).Payload);

    [Fact]
    public void A_text_is_refused() =>
        AssertRefused(EditError.NotAnImage, Request() with { Path = _folder.Write("text.png", "text"u8.ToArray()) });

    [Fact]
    public void A_field_that_can_not_be_sent_is_refused() => AssertRefused(
        EditError.InvalidAdditionalParameter, Request() with { AdditionalParameters = new Dictionary<string, object?> { ["seed"] = 1 } });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_folder_as_the_destination_is_refused(bool overwrite) =>
        AssertRefused(EditError.DestinationUnwritable, Request() with { Destination = _folder.Path, Overwrite = overwrite });

    private EditRequest Request() =>
        new() { Path = _folder.Write("a.png", TestImages.Png), Destination = _folder.At("out.png"), Prompt = "x" };

    private static void AssertRefused(EditError error, EditRequest request) =>
        Assert.Equal(error, Assert.Throws<QwenEditException>(() => PreparedEdit.Prepare(request)).Error);
}
