using ImageMagick;
using ImageMagick.Drawing;
using QwenEdit.Emulator.Images;

namespace QuickStart.Posters;

/// <summary>An image before and after an edit.</summary>
internal sealed record Pair(string Before, string After, string Prompt);

/// <summary>A picture of pairs of images, each side by side above its prompt.</summary>
internal static class PairSheet
{
    private const int MostColumns = 4;
    private const double Margin = 28;
    private const double Padding = 14;
    private const double ArrowWidth = 34;

    /// <summary>Draws the pairs, and overwrites the file.</summary>
    /// <param name="pairs">The pairs, from left to right and from top to bottom.</param>
    /// <param name="path">The file.</param>
    /// <param name="stop">Cancels the drawing.</param>
    /// <param name="boxWidth">The width of the space for one image, in pixels; its height is 4/3 of it.</param>
    public static void Draw(IEnumerable<Pair> pairs, string path, CancellationToken stop, double boxWidth = 216)
    {
        Pair[] all = [.. pairs];
        double boxHeight = boxWidth * 4 / 3;
        double captionHeight = boxWidth / 4.5;
        double cardWidth = (2 * boxWidth) + ArrowWidth + (2 * Padding);
        double cardHeight = boxHeight + captionHeight + (3 * Padding);
        // Rows of about the same length: seven pairs are four and three.
        int rows = Math.Max(1, (all.Length + MostColumns - 1) / MostColumns);
        int columns = Math.Max(1, (all.Length + rows - 1) / rows);

        using MagickImage sheet = new(
            new MagickColor("#eceff3"), (uint)(Margin + (columns * (cardWidth + Margin))), (uint)(Margin + (rows * (cardHeight + Margin))));
        for (int i = 0; i < all.Length; i++)
        {
            stop.ThrowIfCancellationRequested();
            double left = Margin + (i % columns * (cardWidth + Margin));
            double top = Margin + (i / columns * (cardHeight + Margin));
            DrawCard(sheet, left, top, cardWidth, cardHeight);
            left += Padding;
            top += Padding;
            DrawImage(sheet, all[i].Before, left, top, boxWidth, boxHeight);
            DrawArrow(sheet, left + boxWidth + (ArrowWidth / 2), top + (boxHeight / 2));
            DrawImage(sheet, all[i].After, left + boxWidth + ArrowWidth, top, boxWidth, boxHeight);
            DrawCaption(sheet, all[i].Prompt, left, top + boxHeight + Padding, cardWidth - (2 * Padding), captionHeight);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        sheet.Quality = 95;
        sheet.Write(path, MagickFormat.Png24);
    }

    private static void DrawCard(MagickImage sheet, double left, double top, double width, double height) => new Drawables()
        .FillColor(MagickColors.White)
        .RoundRectangle(left, top, left + width, top + height, 10, 10)
        .Draw(sheet);

    private static void DrawImage(MagickImage sheet, string path, double left, double top, double width, double height)
    {
        using MagickImage image = new(path);
        image.Resize((uint)width, (uint)height);
        sheet.Composite(image, (int)(left + ((width - image.Width) / 2)), (int)(top + ((height - image.Height) / 2)), CompositeOperator.Over);
    }

    private static void DrawArrow(MagickImage sheet, double x, double y) => new Drawables()
        .FillColor(new MagickColor("#7b8794"))
        .Polygon(new PointD(x - 6, y - 11), new PointD(x + 8, y), new PointD(x - 6, y + 11))
        .Draw(sheet);

    private static void DrawCaption(MagickImage sheet, string prompt, double left, double top, double width, double height)
    {
        MagickReadSettings settings = new()
        {
            Font = EmulatorFont.Path,
            FillColor = new MagickColor("#1f2933"),
            BackgroundColor = MagickColors.White,
            TextGravity = Gravity.Center,
            Width = (uint)width,
            Height = (uint)height,
        };
        // A prompt that is too long for its space becomes smaller.
        settings.SetDefine("caption:max-pointsize", $"{height * 0.44:0}");
        using MagickImage caption = new($"caption:{Literal(prompt)}", settings);
        sheet.Composite(caption, (int)left, (int)top, CompositeOperator.Over);
    }

    // ImageMagick reads % and \ as escapes, and a leading @ as the name of a file.
    private static string Literal(string text) => (text.StartsWith('@') ? "\\" : "")
        + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal);
}
