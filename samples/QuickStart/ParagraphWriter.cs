using System.Text;

namespace QuickStart;

/// <summary>Passes text on, and knows whether an empty line is missing before the next paragraph.</summary>
internal sealed class ParagraphWriter(TextWriter inner) : TextWriter(inner.FormatProvider)
{
    private string _end = "\n\n";

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        inner.Write(value);
        string end = _end + value?.Replace("\r", "", StringComparison.Ordinal);
        _end = end[^2..];
    }

    public override void WriteLine(string? value) => Write(value + NewLine);

    /// <summary>Writes lines after an empty line.</summary>
    public void WriteParagraph(string text)
    {
        while (_end != "\n\n")
        {
            Write(NewLine);
        }

        WriteLine(text);
    }
}
