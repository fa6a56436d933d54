using System.Globalization;
using System.Text;

namespace QwenEdit;

/// <summary>
/// Makes texts from outside harmless where they are shown: the service's words, ids, and names of files. A terminal obeys some of their
/// characters, which could change its title, its clipboard or what stands on it.
/// </summary>
/// <remarks>It is public for the module's format views.</remarks>
public static class TerminalText
{
    /// <summary>How much of a text of the service is kept, in characters.</summary>
    internal const int Longest = 1000;

    /// <summary>Replaces control characters, line separators and bidirectional controls by visible escapes such as <c>\u001B</c>.</summary>
    /// <param name="text">The text; <see langword="null"/> is an empty one.</param>
    /// <param name="lines">Whether line feeds and tabs stay.</param>
    /// <returns>The text, which is the same where it has none of them.</returns>
    public static string Escape(string? text, bool lines = false)
    {
        if (text is null)
        {
            return string.Empty;
        }

        StringBuilder? escaped = null;
        for (int at = 0; at < text.Length; at++)
        {
            char character = text[at];
            if (!IsObeyed(character) || (lines && character is '\n' or '\t'))
            {
                escaped?.Append(character);
                continue;
            }

            escaped ??= new StringBuilder(text, 0, at, text.Length + 16);
            escaped.Append("\\u").Append(((int)character).ToString("X4", CultureInfo.InvariantCulture));
        }

        return escaped?.ToString() ?? text;
    }

    /// <summary>A text of the service as it is kept: harmless, and of at most <see cref="Longest"/> characters and what their escapes add.</summary>
    internal static string Take(string text) => Escape(Shorten(text, Longest));

    /// <summary>At most so many characters of a text, and an ellipsis if it has more.</summary>
    internal static string Shorten(string text, int longest) => text.Length <= longest
        ? text
        : text.Substring(0, char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest) + "…";

    /// <summary>Whether a text can be shown as it is.</summary>
    internal static bool IsHarmless(string text) => !text.Any(IsObeyed);

    private static bool IsObeyed(char character) =>
        // C0, DEL and C1; line and paragraph separators.
        char.IsControl(character) || character is '\u2028' or '\u2029'
        // Marks, embeddings, overrides and isolates, which change the order of what is around them.
        or '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u206F');
}
