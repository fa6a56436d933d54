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

    [Fact]
    public void Of_a_TIFF_it_is_never_said() => Assert.False(ImageEnd.IsWhole(TestImages.Make(MagickFormat.Tiff)));
}
