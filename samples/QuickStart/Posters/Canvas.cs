using ImageMagick;
using ImageMagick.Drawing;
using QwenEdit.Emulator.Images;

namespace QuickStart.Posters;

/// <summary>A sheet to draw a poster on, in flat colours and with the emulator's font.</summary>
internal sealed class Canvas : IDisposable
{
    private readonly MagickImage _image;
    private readonly Drawables _drawing = new();

    public Canvas(uint width, uint height, string top, string bottom)
    {
        _image = new MagickImage($"gradient:{top}-{bottom}", new MagickReadSettings { Width = width, Height = height });
        _drawing.Font(EmulatorFont.Path).TextAlignment(TextAlignment.Center);
    }

    public double Width => _image.Width;

    public double Height => _image.Height;

    private double Middle => Width / 2;

    public Canvas Circle(double x, double y, double radius, string color) => Fill(color, drawing => drawing.Circle(x, y, x + radius, y));

    public Canvas Ring(double x, double y, double radius, double line, string color)
    {
        _drawing.FillColor(MagickColors.Transparent).StrokeColor(new MagickColor(color)).StrokeWidth(line)
            .Circle(x, y, x + radius, y)
            .StrokeColor(MagickColors.Transparent).StrokeWidth(0);
        return this;
    }

    public Canvas Rectangle(double left, double top, double right, double bottom, string color, double corner = 0) =>
        Fill(color, drawing => drawing.RoundRectangle(left, top, right, bottom, corner, corner));

    public Canvas Polygon(string color, params (double X, double Y)[] corners) =>
        Fill(color, drawing => drawing.Polygon(corners.Select(corner => new PointD(corner.X, corner.Y))));

    /// <summary>A star of many points, as on price tags.</summary>
    public Canvas Star(double x, double y, double outer, double inner, int points, string color) => Polygon(
        color,
        [.. Enumerable.Range(0, points * 2).Select(i => Around(x, y, i % 2 == 0 ? outer : inner, Math.PI * i / points))]);

    /// <summary>Rays from a point to beyond the edges.</summary>
    public Canvas Rays(double x, double y, int count, string color)
    {
        for (int i = 0; i < count; i++)
        {
            double angle = 2 * Math.PI * i / count;
            Polygon(color, (x, y), Around(x, y, Width + Height, angle), Around(x, y, Width + Height, angle + (Math.PI / count)));
        }

        return this;
    }

    /// <summary>Waves from a height down to the foot.</summary>
    public Canvas Waves(double top, double swing, double length, double shift, string color) => Polygon(
        color,
        [
            (0, Height),
            .. Enumerable.Range(0, (int)(Width / 4) + 2).Select(i => (i * 4.0, top + (swing * Math.Sin(((i * 4.0) + shift) / length * 2 * Math.PI)))),
            (Width + 4, Height),
        ]);

    /// <summary>The lower half of a disc.</summary>
    public Canvas Bowl(double x, double y, double radius, string color) => Polygon(
        color,
        [.. Enumerable.Range(0, 61).Select(i => Around(x, y, radius, Math.PI * (0.5 + (i / 60.0))))]);

    public Canvas Heart(double x, double y, double scale, string color) => Polygon(
        color,
        [.. Enumerable.Range(0, 120).Select(i => HeartAt(x, y, scale, 2 * Math.PI * i / 120))]);

    /// <summary>A centred line of text; the font has one weight, so bold is a stroke around it.</summary>
    public Canvas Text(double baseline, double size, string color, string text, double bold = 0, double spacing = 0)
    {
        _drawing.FillColor(new MagickColor(color)).StrokeColor(new MagickColor(color)).StrokeWidth(size * bold)
            .FontPointSize(size).TextKerning(spacing)
            .Text(Middle, baseline, text)
            .StrokeColor(MagickColors.Transparent).StrokeWidth(0);
        return this;
    }

    public void Save(string path)
    {
        _drawing.Draw(_image);
        _image.Quality = path.EndsWith(".png", StringComparison.Ordinal) ? 75u : 88u;
        _image.Write(path);
    }

    public void Dispose() => _image.Dispose();

    private Canvas Fill(string color, Action<IDrawables<byte>> shape)
    {
        _drawing.FillColor(new MagickColor(color)).StrokeColor(MagickColors.Transparent);
        shape(_drawing);
        return this;
    }

    // https://mathworld.wolfram.com/HeartCurve.html
    private static (double X, double Y) HeartAt(double x, double y, double scale, double t) => (
        x + (scale * 16 * Math.Pow(Math.Sin(t), 3)),
        y - (scale * ((13 * Math.Cos(t)) - (5 * Math.Cos(2 * t)) - (2 * Math.Cos(3 * t)) - Math.Cos(4 * t))));

    private static (double X, double Y) Around(double x, double y, double radius, double angle) =>
        (x + (radius * Math.Sin(angle)), y - (radius * Math.Cos(angle)));
}
