using System.Security.Cryptography;
using System.Text;
using ImageMagick;
using ImageMagick.Drawing;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Images;

/// <summary>
/// A picture in place of an image on another host, so that a client that sends such a URL works offline. The same URL always gives the same picture,
/// and another URL another picture.
/// </summary>
internal static class PlaceholderImage
{
    private const int Width = 1024;
    private const int Height = 768;

    public static SpoolFile Draw(Uri url, SpoolFolder spool)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(url.AbsoluteUri));
        using var image = new MagickImage(Color(hash, 0), Width, Height);
        new Drawables()
            .FillColor(Color(hash, 3))
            .Circle(Width * 0.3, Height * 0.35, Width * 0.3, Height * 0.6)
            .FillColor(Color(hash, 6))
            .Rectangle(Width * 0.5, Height * 0.4, Width * 0.9, Height * 0.8)
            .Draw(image);
        Caption.Draw(image, url.AbsoluteUri, "PLACEHOLDER — the emulator fetches nothing from other hosts");
        return ImageEditor.Encode(image, ImageType.Png, quality: 90, spool);
    }

    private static MagickColor Color(byte[] hash, int at) => new(hash[at], hash[at + 1], hash[at + 2]);
}
