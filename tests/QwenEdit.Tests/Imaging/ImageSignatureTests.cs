using System.Text;
using ImageMagick;
using QwenEdit.Imaging;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Imaging;

/// <summary>A format is told from the first bytes, never from a name.</summary>
public sealed class ImageSignatureTests
{
    public static TheoryData<MagickFormat, string, string> Formats => new()
    {
        { MagickFormat.Png, nameof(ImageKind.Png), "image/png" },
        { MagickFormat.Png8, nameof(ImageKind.Png), "image/png" },
        { MagickFormat.Jpeg, nameof(ImageKind.Jpeg), "image/jpeg" },
        { MagickFormat.WebP, nameof(ImageKind.Webp), "image/webp" },
        { MagickFormat.Gif, nameof(ImageKind.Gif), "image/gif" },
        { MagickFormat.Gif87, nameof(ImageKind.Gif), "image/gif" },
        { MagickFormat.Bmp, nameof(ImageKind.Bmp), "image/bmp" },
        { MagickFormat.Bmp2, nameof(ImageKind.Bmp), "image/bmp" },
        { MagickFormat.Bmp3, nameof(ImageKind.Bmp), "image/bmp" },
        { MagickFormat.Tiff, nameof(ImageKind.Tiff), "image/tiff" },
        { MagickFormat.Tiff64, nameof(ImageKind.Tiff), "image/tiff" },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_real_image_is_told_from_its_first_bytes(MagickFormat format, string kind, string mediaType)
    {
        ImageKind? told = ImageSignature.Tell(TestImages.Make(format).AsSpan(0, ImageSignature.Length));

        Assert.Equal(kind, told?.ToString());
        Assert.Equal(mediaType, told!.Value.MediaType());
        Assert.Equal("." + kind.ToLowerInvariant(), told.Value.Extension());
    }

    [Theory]
    [InlineData("II*\0", nameof(ImageKind.Tiff))]
    [InlineData("MM\0*", nameof(ImageKind.Tiff))]
    [InlineData("II+\0", nameof(ImageKind.Tiff))]
    [InlineData("MM\0+", nameof(ImageKind.Tiff))]
    public void TIFF_comes_in_either_byte_order_and_as_BigTIFF(string start, string kind) =>
        Assert.Equal(kind, ImageSignature.Tell(Encoding.Latin1.GetBytes(start + "\0\0\0\0"))?.ToString());

    [Theory]
    [InlineData("BM is how this letter to the BM of Bremen begins")]
    [InlineData("BM")]
    [InlineData("BMP,PNG,JPEG\n1,2,3,4,5,6\n")]
    [InlineData("GIF is an old format, and GIF88a none")]
    [InlineData("RIFF\0\0\0\0WAVEfmt and so on")]
    [InlineData("RIFF\0\0\0\0WEB")]
    [InlineData("II*")]
    [InlineData("MM*\0")]
    [InlineData("\u0089PNG")]
    [InlineData("\u00ff\u00d8")]
    [InlineData("%PDF-1.7 and so on and so on")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0\0\0\0\0")]
    [InlineData("")]
    public void Text_other_formats_and_mere_beginnings_are_no_image(string start)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(start);
        Assert.Null(ImageSignature.Tell(bytes.AsSpan(0, Math.Min(bytes.Length, ImageSignature.Length))));
    }

    [Fact]
    public void No_byte_beyond_the_promised_length_is_needed()
    {
        Assert.All(Formats, row =>
        {
            byte[] image = TestImages.Make((MagickFormat)row[0]);
            Assert.Equal(ImageSignature.Tell(image), ImageSignature.Tell(image.AsSpan(0, ImageSignature.Length)));
        });
    }

    [Theory]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Webp)]
    public void Each_format_that_can_be_asked_for_is_met_by_one_kind(ImageFormat format) =>
        Assert.Equal(format.ToString(), Assert.Single(Enum.GetValues<ImageKind>(), kind => kind.Is(format)).ToString());
}
