using System.Text.RegularExpressions;

namespace QwenEdit.Help;

/// <summary>
/// Replaces the generated parts of a hand-written Markdown page. A part is between the comments <c>&lt;!-- generated: name --&gt;</c> and
/// <c>&lt;!-- end --&gt;</c>.
/// </summary>
internal static partial class GeneratedParts
{
    /// <summary>Returns the page with its parts as they should be.</summary>
    /// <param name="page">The page.</param>
    /// <param name="parts">The parts by their names.</param>
    /// <exception cref="InvalidDataException">The page has a part of another name, or one without an end.</exception>
    internal static string Replace(string page, IReadOnlyDictionary<string, string> parts)
    {
        string replaced = Part().Replace(page, part => parts.TryGetValue(part.Groups[1].Value, out string? text)
            ? $"<!-- generated: {part.Groups[1].Value} -->\n\n{text}\n\n<!-- end -->"
            : throw new InvalidDataException($"There is no generated part '{part.Groups[1].Value}'."));
        return Begin().Count(replaced) == Part().Count(replaced) ? replaced : throw new InvalidDataException("A generated part of the page has no end.");
    }

    [GeneratedRegex("<!-- generated: (.*?) -->(?:(?!<!-- generated: ).)*?<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Part();

    [GeneratedRegex("<!-- generated: ")]
    private static partial Regex Begin();
}
