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

    /// <summary>A whole PNG image of so many bytes, with a chunk of random data that nobody looks at.</summary>
    /// <param name="size">The size, at least that of <see cref="Png"/> and 12.</param>
    /// <param name="seed">Another image for each number.</param>
    internal static byte[] WholePng(int size, int seed = 0)
    {
        const int EndLength = 12;
        byte[] data = new byte[size - Png.Length - 12];
        new Random(seed).NextBytes(data);
        byte[] length = BitConverter.GetBytes(data.Length);
        Array.Reverse(length);
        return [.. Png[..^EndLength], .. length, .. "naMe"u8, .. data, 0, 0, 0, 0, .. Png[^EndLength..]];
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
