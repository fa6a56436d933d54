using System.Text.RegularExpressions;

namespace QwenEdit.Help;

/// <summary>Writes paragraphs as Markdown. Names of pages become links, and names of parameters become code.</summary>
/// <param name="pages">The names of the pages in the folder.</param>
/// <param name="own">The page that is written, which does not link to itself.</param>
internal sealed partial class MarkdownText(IReadOnlySet<string> pages, string own)
{
    /// <summary>A link to another page.</summary>
    internal static string Link(string page) => $"[{page}]({page}.md)";

    /// <summary>Paragraphs with an empty line between them, and a line for each sentence, so that a change of one is a change of one line.</summary>
    internal string Write(IEnumerable<Paragraph> paragraphs) => string.Join("\n\n", paragraphs.Select(WriteLines));

    /// <summary>One paragraph on one line.</summary>
    internal string Write(Paragraph paragraph) => string.Concat(paragraph.Spans.Select(span => span.IsCode ? Code(span.Text) : Prose(span.Text)));

    private string WriteLines(Paragraph paragraph) => string.Concat(paragraph.Spans.Select(span =>
        span.IsCode ? Code(span.Text) : SentenceEnd().Replace(Prose(span.Text), "$1\n")));

    private static string Code(string text) => text.Contains('`', StringComparison.Ordinal)
        ? throw new InvalidDataException($"Code with a backtick in it: {text}")
        : $"`{text}`";

    private string Prose(string text) => Token().Replace(text, token => token.Groups[1].Success
        ? (pages.Contains(token.Value), token.Value == own) switch
        {
            (true, false) => Link(token.Value),
            _ => token.Value,
        }
        : token.Groups[2].Success ? Code(token.Value)
        : $"\\{token.Value}");

    // The name of a page; a parameter; a character that Markdown takes for markup. Markdown takes no underscore inside a word for markup.
    [GeneratedRegex(@"(\babout_\w+|\b[A-Z][a-z]+-Qwen[A-Za-z]+)|(?<![\w-])(-[A-Z][A-Za-z]+(?::\$\w+)?)|\\(?=[!-/:-@\[-`{-~])|[`*<>\[\]]")]
    private static partial Regex Token();

    [GeneratedRegex("([.!?]) +")]
    private static partial Regex SentenceEnd();
}
