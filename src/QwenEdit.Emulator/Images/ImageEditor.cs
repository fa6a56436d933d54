using System.Globalization;
using ImageMagick;
using QwenEdit.Emulator.Cli;
using QwenEdit.Emulator.Jobs;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Images;

/// <summary>A real edit, if not Segmind's: the hue turns with the seed, and the prompt is written beneath. The same input gives the same bytes.</summary>
internal static class ImageEditor
{
    private const long MostPixels = 64_000_000;

    public static SpoolFile Edit(SpoolFile source, EditParameters parameters, long seed, bool wrongFormat, SpoolFolder spool)
    {
        using var image = Open(source);
        image.Modulate(new Percentage(100), new Percentage(108), new Percentage(100 + HueShift(seed)));
        Caption.Draw(image, parameters.Prompt, string.Create(CultureInfo.InvariantCulture, $"EMULATED — not edited by Segmind, seed {seed}"));
        var format = wrongFormat ? Another(parameters.Format) : parameters.Format;
        return Encode(image, format, parameters.Quality, spool);
    }

    /// <summary>The image upright and in sRGB, whatever it was; its first frame, where there are several.</summary>
    public static MagickImage Open(SpoolFile source)
    {
        if (source.Kind is not { } kind)
        {
            throw new SourceImageException("Invalid image: it is no PNG, JPEG, WebP, GIF, BMP or TIFF.");
        }
        var image = new MagickImage();
        var settings = new MagickReadSettings { Format = Format(kind), FrameIndex = 0, FrameCount = 1 };
        // The header alone. A few bytes can announce an image of gigabytes.
        image.Ping(source.Path, settings);
        if ((long)image.Width * image.Height > MostPixels)
        {
            throw new SourceImageException($"Invalid image: it has {image.Width} × {image.Height} pixels. The emulator decodes {MostPixels / 1_000_000} megapixels at most.");
        }
        image.Read(source.Path, settings);
        image.AutoOrient();
        if (image.GetColorProfile() is not null)
        {
            image.TransformColorSpace(ColorProfiles.SRGB);
        }
        image.ColorSpace = ColorSpace.sRGB;
        image.ColorType = image.HasAlpha ? ColorType.TrueColorAlpha : ColorType.TrueColor;
        image.Strip();
        return image;
    }

    public static SpoolFile Encode(MagickImage image, ImageType format, int quality, SpoolFolder spool)
    {
        if (format is ImageType.Jpeg)
        {
            image.BackgroundColor = MagickColors.White;
            image.Alpha(AlphaAction.Remove);
        }
        // To ImageMagick a PNG's quality is a zlib level and a filter; the service's knob doesn't mean that.
        image.Quality = format is ImageType.Png ? 35u : (uint)quality;
        // Dates would make the same edit differ from run to run.
        image.Settings.SetDefine(MagickFormat.Png, "exclude-chunks", "date,time,text");
        var path = spool.NewPath();
        image.Write(path, Format(format));
        try
        {
            using var writer = new SpoolWriter(spool);
            using var file = File.OpenRead(path);
            var buffer = new byte[64 * 1024];
            for (int read; (read = file.Read(buffer)) > 0;)
            {
                writer.Write(buffer.AsSpan(0, read));
            }
            return writer.Finish();
        }
        finally
        {
            File.Delete(path);
        }
    }

    // A quarter of the colour wheel to either side at most, and never nothing.
    private static int HueShift(long seed)
    {
        var shift = (int)(((ulong)seed * 0x9E3779B97F4A7C15UL >> 40) % 90) - 45;
        return shift >= 0 ? shift + 5 : shift;
    }

    private static ImageType Another(ImageType format) => format is ImageType.Png ? ImageType.Jpeg : ImageType.Png;

    private static MagickFormat Format(ImageType kind) => kind switch
    {
        ImageType.Png => MagickFormat.Png,
        ImageType.Jpeg => MagickFormat.Jpeg,
        ImageType.Webp => MagickFormat.WebP,
        ImageType.Gif => MagickFormat.Gif,
        ImageType.Bmp => MagickFormat.Bmp,
        _ => MagickFormat.Tiff,
    };
}
