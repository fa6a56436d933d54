using System.Globalization;
using ImageMagick;
using ImageMagick.Drawing;
using QwenEdit.Emulator.Cli;

namespace QwenEdit.Emulator.Images;

/// <summary>The band at the foot of an image: a text, and the word that this is no real edit or no real image.</summary>
internal static class Caption
{
    private const int MostLines = 4;

    public static void Draw(MagickImage image, string prompt, string mark)
    {
        double width = image.Width;
        double height = image.Height;
        var size = Math.Clamp(Math.Min(width, height) / 20, 7, 96);
        var small = Math.Max(6, size * 0.6);
        var margin = size * 0.7;
        image.Settings.Font = EmulatorFont.Path;
        image.Settings.FontPointsize = size;
        var lines = Wrap(prompt, text => image.FontTypeMetrics(Literal(text))?.TextWidth ?? 0, width - (2 * margin));
        var lineHeight = size * 1.4;
        var band = margin + (lines.Count * lineHeight) + (small * 1.5) + (margin * 0.5);
        var top = height - band;

        var drawing = new Drawables()
            .Font(EmulatorFont.Path)
            .DisableStrokeAntialias()
            .FillColor(new MagickColor(18, 20, 28, 225))
            .Rectangle(0, top, width, height)
            .FillColor(new MagickColor(255, 196, 0))
            .Rectangle(0, top, width, top + Math.Max(1, size / 12))
            .FillColor(MagickColors.White)
            .FontPointSize(size);
        for (var i = 0; i < lines.Count; i++)
        {
            drawing.Text(margin, top + margin + (lineHeight * i) + (size * 0.95), lines[i]);
        }
        drawing.FillColor(new MagickColor(255, 196, 0))
            .FontPointSize(small)
            .Text(margin, height - (margin * 0.75), mark)
            .Draw(image);
    }

    /// <summary>Breaks at spaces, and between any two characters of Chinese or Japanese, which have none.</summary>
    private static List<string> Wrap(string prompt, Func<string, double> measure, double width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var piece in Pieces(prompt))
        {
            if (line.Length > 0 && (piece == "\n" || measure(line + piece.TrimEnd()) > width))
            {
                lines.Add(line.TrimEnd());
                line = "";
            }
            line += piece == "\n" ? "" : line.Length == 0 ? piece.TrimStart() : piece;
            if (lines.Count == MostLines)
            {
                lines[^1] += "…";
                return lines;
            }
        }
        if (line.Trim().Length > 0)
        {
            lines.Add(line.TrimEnd());
        }
        return lines;
    }

    private static IEnumerable<string> Pieces(string prompt)
    {
        var word = "";
        var characters = StringInfo.GetTextElementEnumerator(prompt.ReplaceLineEndings("\n"));
        while (characters.MoveNext())
        {
            var character = characters.GetTextElement();
            var breaks = character[0] is ' ' or '\n' || character[0] >= 0x2E80;
            if (breaks && word.Length > 0 && character != " ")
            {
                yield return word;
                word = "";
            }
            word += character is "\t" ? " " : character;
            if (breaks || word.Length >= 24)
            {
                yield return word;
                word = "";
            }
        }
        if (word.Length > 0)
        {
            yield return word;
        }
    }

    // Where it measures, though not where it draws, ImageMagick reads % and \ as escapes.
    private static string Literal(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal);
}
