using System.Text.RegularExpressions;

namespace QwenEdit.Help;

/// <summary>A piece of a paragraph: prose, or code.</summary>
internal readonly record struct Span(string Text, bool IsCode = false);

/// <summary>A paragraph of a documentation comment. Its white space is normalized.</summary>
internal sealed partial class Paragraph
{
    internal Paragraph(IEnumerable<Span> spans)
    {
        List<Span> all = [.. spans.Select(span => span with { Text = WhiteSpace().Replace(span.Text, " ") })];
        if (all.Count > 0)
        {
            all[0] = all[0] with { Text = all[0].Text.TrimStart() };
            all[^1] = all[^1] with { Text = all[^1].Text.TrimEnd() };
        }

        Spans = [.. all.Where(span => span.Text.Length > 0)];
    }

    internal Paragraph(string prose)
        : this([new Span(prose)])
    {
    }

    internal IReadOnlyList<Span> Spans { get; }

    /// <summary>The paragraph as plain text.</summary>
    public override string ToString() => string.Concat(Spans.Select(span => span.Text));

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
