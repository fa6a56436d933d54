using ImageMagick;
using QwenEdit.Files;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Files;

/// <summary>Whether bytes are an image to its end.</summary>
public sealed class ImageEndTests
{
    [Theory]
    [InlineData(MagickFormat.Png)]
    [InlineData(MagickFormat.Jpeg)]
    [InlineData(MagickFormat.WebP)]
    [InlineData(MagickFormat.Bmp)]
    public void An_image_is_whole_with_its_last_byte_and_not_before(MagickFormat format)
    {
        byte[] image = TestImages.Make(format);

        Assert.True(ImageEnd.IsWhole(image));
        Assert.All(Enumerable.Range(0, image.Length), length => Assert.False(ImageEnd.IsWhole(image.AsSpan(0, length)), $"{length} of {image.Length}"));
    }

    [Fact]
    public void The_end_of_a_JPEGs_thumbnail_is_not_the_images()
    {
        byte[] image = TestImages.Jpeg;
        // An application segment right after the start, whose last bytes are an end marker.
        byte[] withThumbnail = [.. image[..2], 0xFF, 0xE1, 0, 6, 1, 2, 0xFF, 0xD9, .. image[2..]];

        Assert.True(ImageEnd.IsWhole(withThumbnail));
        Assert.False(ImageEnd.IsWhole(withThumbnail.AsSpan(0, 10)));
    }

    [Theory]
    [InlineData(MagickFormat.Png)]
    [InlineData(MagickFormat.Jpeg)]
    [InlineData(MagickFormat.Pjpeg)]
    [InlineData(MagickFormat.WebP)]
    public void The_end_is_found_in_pieces_of_any_size_and_whatever_follows_it(MagickFormat format)
    {
        byte[] image = TestImages.Make(format);
        byte[] more = [.. image, .. image, 0xFF, 0xD9];
        foreach (int size in (int[])[1, 2, 7, 18, 64, more.Length])
        {
            ImageEnd end = new();
            foreach (byte[] piece in more.Chunk(size))
            {
                end.Append(piece);
            }

            Assert.Equal((image.Length, more.Length), (end.Position, end.Length));
        }
    }

    [Fact]
    public void Photographs_and_animations_have_an_end()
    {
        using MagickImage photograph = new("plasma:fractal", 400, 300) { Quality = 75 };
        photograph.SetProfile(ColorProfiles.SRGB);
        using MagickImageCollection animation = [photograph.Clone(), photograph.Clone()];

        Assert.All(
            [photograph.ToByteArray(MagickFormat.Png), photograph.ToByteArray(MagickFormat.Jpeg), photograph.ToByteArray(MagickFormat.Pjpeg),
                photograph.ToByteArray(MagickFormat.WebP), animation.ToByteArray(MagickFormat.WebP)],
            image => Assert.True(ImageEnd.IsWhole(image)));
    }

    [Theory]
    [InlineData("89504E470D0A1A0A0000000049454E44AE426082")]
    [InlineData("89504E470D0A1A0A0000000D494844520000000C00000007080200000000000000" + "0000000049454E44AE426082")]
    [InlineData("FFD8FFD9")]
    [InlineData("FFD8FFE00004FFD9FFD9000000000000000000000000")]
    [InlineData("524946460400000057454250" + "000000000000000000")]
    [InlineData("524946461000000057454250" + "45584946040000000000000000")]
    public void An_image_without_pixels_has_no_end(string hex)
    {
        ImageEnd end = new();
        end.Append(Convert.FromHexString(hex));

        Assert.Null(end.Position);
    }

    [Fact]
    public void Of_a_TIFF_it_is_never_said() => Assert.False(ImageEnd.IsWhole(TestImages.Make(MagickFormat.Tiff)));
}
