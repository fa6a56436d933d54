using ImageMagick;

namespace QwenEdit.Tests.Commands.Support;

/// <summary>A folder as people have it: photographs of mixed formats, some of which are none.</summary>
internal static class Photographs
{
    /// <summary>A photograph as it is stored, and how wide and high it is for who looks at it.</summary>
    internal sealed record Photograph(string Name, MagickFormat Format, uint Width, uint Height)
    {
        /// <summary>How the camera was held.</summary>
        internal ImageMagick.Orientation Orientation { get; init; } = ImageMagick.Orientation.TopLeft;

        internal ColorSpace ColorSpace { get; init; } = ColorSpace.sRGB;

        internal bool HasAlpha { get; init; }

        /// <summary>Whether width and height change places when it is turned upright.</summary>
        private bool IsTurned => Orientation >= ImageMagick.Orientation.LeftTop;

        internal (uint Width, uint Height) Upright => IsTurned ? (Height, Width) : (Width, Height);
    }

    internal static IReadOnlyList<Photograph> Good { get; } =
    [
        new("IMG_0001.JPG", MagickFormat.Jpeg, 2400, 1600),
        new("IMG_0002.JPG", MagickFormat.Jpeg, 2400, 1600) { Orientation = Orientation.RightTop },
        new("IMG_0003.JPG", MagickFormat.Jpeg, 1600, 1200) { Orientation = Orientation.LeftBottom },
        new("IMG_0004.jpeg", MagickFormat.Jpeg, 640, 480) { Orientation = Orientation.BottomRight },
        new("IMG_0005.jpg", MagickFormat.Jpeg, 640, 480) { Orientation = Orientation.LeftTop },
        new("print.jpg", MagickFormat.Jpeg, 500, 700) { ColorSpace = ColorSpace.CMYK },
        new("grey.jpg", MagickFormat.Jpeg, 300, 200) { ColorSpace = ColorSpace.Gray },
        new("logo.png", MagickFormat.Png, 400, 300) { HasAlpha = true },
        new("sticker.png", MagickFormat.Png32, 64, 64) { HasAlpha = true },
        new("palette.png", MagickFormat.Png8, 320, 240),
        new("deep.png", MagickFormat.Png48, 320, 240),
        new("web.webp", MagickFormat.WebP, 800, 600),
        new("animation.gif", MagickFormat.Gif, 200, 150),
        new("scan.tiff", MagickFormat.Tiff, 700, 500),
        new("old.bmp", MagickFormat.Bmp, 320, 240),
        new("holiday [2026] copy.png", MagickFormat.Png, 300, 300),
        new("海报 一千元.png", MagickFormat.Png, 300, 400),
        new("really-a-jpeg.png", MagickFormat.Jpeg, 320, 200),
    ];

    /// <summary>Fills a folder with the good ones, and with two that are no images.</summary>
    internal static void Take(ImageFolder folder)
    {
        foreach (Photograph photograph in Good)
        {
            Draw(photograph, folder[photograph.Name]);
        }

        folder.Text("notes.png", "Things to change: the price.");
        folder.Text("empty.jpg", "");
    }

    private static void Draw(Photograph photograph, string path)
    {
        using MagickImage image = new("gradient:orange-navy", new MagickReadSettings { Width = photograph.Width, Height = photograph.Height });
        if (photograph.HasAlpha)
        {
            image.Alpha(AlphaAction.Set);
            image.Evaluate(Channels.Alpha, EvaluateOperator.Set, new Percentage(50));
        }

        image.ColorSpace = photograph.ColorSpace;
        image.Format = photograph.Format;
        if (photograph.Orientation != ImageMagick.Orientation.TopLeft)
        {
            ExifProfile exif = new();
            exif.SetValue(ExifTag.Orientation, (ushort)photograph.Orientation);
            image.SetProfile(exif);
            image.Orientation = photograph.Orientation;
        }

        image.Write(path, photograph.Format);
    }
}
