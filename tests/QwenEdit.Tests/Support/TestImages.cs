using ImageMagick;

namespace QwenEdit.Tests.Support;

/// <summary>Small real images.</summary>
internal static class TestImages
{
    internal static byte[] Png { get; } = Make(MagickFormat.Png);

    internal static byte[] Jpeg { get; } = Make(MagickFormat.Jpeg);

    internal static byte[] Make(MagickFormat format)
    {
        using var image = new MagickImage(MagickColors.SteelBlue, 12, 7);
        return image.ToByteArray(format);
    }

    /// <summary>Bytes that begin as a PNG does, of any size from 8 up: what is sent is told by its beginning alone.</summary>
    internal static byte[] BeginsAsPng(int size)
    {
        byte[] bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        Png.AsSpan(0, Math.Min(8, size)).CopyTo(bytes);
        return bytes;
    }
}
