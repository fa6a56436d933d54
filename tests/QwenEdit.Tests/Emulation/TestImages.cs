using ImageMagick;
using ImageMagick.Drawing;

namespace QwenEdit.Tests.Emulation;

/// <summary>Small images that can be told apart after an edit.</summary>
internal static class TestImages
{
    public static byte[] Png { get; } = Make(64, 48).ToByteArray(MagickFormat.Png);

    public static string DataUri { get; } = "data:image/png;base64," + Convert.ToBase64String(Png);

    /// <summary>Red above, blue below; wider than high.</summary>
    public static MagickImage Make(uint width, uint height)
    {
        var image = new MagickImage(MagickColors.Blue, width, height);
        new Drawables().FillColor(MagickColors.Red).Rectangle(0, 0, width, height / 3d).Draw(image);
        return image;
    }

    /// <summary>Noise, which doesn't compress.</summary>
    public static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        Png.AsSpan(0, 8).CopyTo(bytes);
        return bytes;
    }
}
