using System.Globalization;
using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace QwenEdit.Help;

/// <summary>Writes an about topic as text for <c>Get-Help</c>: indented, and no wider than a console of 80 columns.</summary>
internal static class HelpTextWriter
{
    // A console of 80 columns breaks a line that fills all of them.
    private const int Width = 79;
    private const int Indent = 4;

    internal static string Write(MarkdownDocument topic)
    {
        List<string> lines = [];
        int indent = 0;
        Block? previous = null;
        // A comment marks a generated part of the page.
        foreach (Block block in topic.Where(block => block is not HtmlBlock { Type: HtmlBlockType.Comment }))
        {
            // A section's text follows its heading at once; a subsection (level 3) is set apart.
            if (previous is not null && (block is HeadingBlock || previous is not HeadingBlock { Level: not 3 }))
            {
                lines.Add(string.Empty);
            }

            if (block is HeadingBlock heading)
            {
                string text = PlainText.Of(heading.Inline);
                indent = heading.Level <= 3 ? Indent : 2 * Indent;
                lines.AddRange(heading.Level switch
                {
                    1 => ["TOPIC", $"    {text}"],
                    2 => [text.ToUpperInvariant()],
                    3 => [$"  {text}"],
                    4 => [$"    {text}"],
                    _ => throw Unsupported(heading),
                });
            }
            else
            {
                lines.AddRange(Indented(Lines(block, Width - indent), indent));
            }

            previous = block;
        }

        return string.Join('\n', lines) + "\n";
    }

    private static IEnumerable<string> Lines(Block block, int width) => block switch
    {
        ParagraphBlock paragraph => Wrap(PlainText.Of(paragraph.Inline), width),
        FencedCodeBlock code => Indented(code.Lines.ToString().TrimEnd('\n').Split('\n'), Indent),
        ListBlock list => Items(list, width),
        Table table => Indented(Rows(table, width - Indent), Indent),
        _ => throw Unsupported(block),
    };

    private static IEnumerable<string> Items(ListBlock list, int width)
    {
        int number = list.IsOrdered ? int.Parse(list.OrderedStart ?? "1", CultureInfo.InvariantCulture) : 0;
        foreach (ListItemBlock item in list.Cast<ListItemBlock>())
        {
            if (list.IsLoose && item != list[0])
            {
                yield return string.Empty;
            }

            string mark = list.IsOrdered ? $"{number++}. " : "- ";
            IEnumerable<string> lines = item.SelectMany((block, index) => index > 0 && list.IsLoose
                ? Lines(block, width - mark.Length).Prepend(string.Empty)
                : Lines(block, width - mark.Length));
            foreach (string line in Indented(lines, mark.Length).Select((line, index) => index == 0 ? mark + line[mark.Length..] : line))
            {
                yield return line;
            }
        }
    }

    // Every column is as wide as its widest cell; the last one is wrapped to what is left.
    private static IEnumerable<string> Rows(Table table, int width)
    {
        List<string[]> rows = [.. table.Cast<TableRow>().Select(row => row.Cast<TableCell>().Select(Text).ToArray())];
        rows.Insert(1, [.. rows[0].Select(heading => new string('-', heading.Length))]);
        int[] widths = [.. Enumerable.Range(0, rows[0].Length - 1).Select(column => rows.Max(row => row[column].Length) + 2)];
        int left = widths.Sum();
        foreach (string[] row in rows)
        {
            string start = string.Concat(widths.Select((columnWidth, column) => row[column].PadRight(columnWidth)));
            foreach (string line in Wrap(row[^1], width - left).DefaultIfEmpty(string.Empty))
            {
                yield return (start + line).TrimEnd();
                start = new string(' ', left);
            }
        }
    }

    private static string Text(TableCell cell) => string.Concat(cell.Cast<ParagraphBlock>().Select(paragraph => PlainText.Of(paragraph.Inline)));

    private static IEnumerable<string> Wrap(string text, int width)
    {
        string line = string.Empty;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length > 0 ? $"{line} {word}" : word;
            }
        }

        if (line.Length > 0)
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Indented(IEnumerable<string> lines, int indent) =>
        lines.Select(line => line.Length > 0 ? new string(' ', indent) + line : line);

    private static InvalidDataException Unsupported(Block block) => new($"Line {block.Line + 1}: the help has no form for {block.GetType().Name}.");
}
