using System.Globalization;
using System.Text;

namespace QwenEdit.Segmind.Http;

/// <summary>
/// Masks the key in text from other sources, so that it appears in no message, journal or file. Finds the key as plain text, with JSON escapes, and
/// as base64, also within a longer text.
/// </summary>
internal sealed class Redactor
{
    /// <summary>A shorter part of the base64 would match text that does not contain the key.</summary>
    private const int ShortestBase64 = 8;

    /// <summary>The number of backslashes of an escape in three levels of nested JSON.</summary>
    private const int MostBackslashes = 8;

    private readonly byte[][] _forms;

    /// <summary>Creates a redactor for a key.</summary>
    /// <param name="key">The key, in ASCII. An empty key masks nothing.</param>
    internal Redactor(string key)
    {
        IEnumerable<string> base64 = Enumerable.Range(0, 3).Select(shift => Base64(key, shift)).Where(form => form.Length >= ShortestBase64);
        _forms = key.Length == 0
            ? []
            : [.. new[] { key }.Concat(base64).SelectMany(form => new[] { form, form.Replace('+', '-').Replace('/', '_') })
                .Distinct(StringComparer.Ordinal)
                .Select(Encoding.ASCII.GetBytes)];
    }

    /// <summary>Replaces each occurrence of the key by asterisks.</summary>
    internal void Cover(Span<byte> text)
    {
        foreach (byte[] form in _forms)
        {
            Cover(text, form);
        }
    }

    /// <inheritdoc cref="Cover(Span{byte})"/>
    internal string Cover(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Cover(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Whether a text contains the key.</summary>
    internal bool IsIn(string text) => Cover(text) != text;

    // Returns the base64 characters that depend only on the key, for a text in which the key begins at this offset (modulo 3).
    private static string Base64(string key, int shift)
    {
        byte[] text = [.. new byte[shift], .. Encoding.ASCII.GetBytes(key)];
        int first = ((8 * shift) + 5) / 6;
        int end = 8 * text.Length / 6;
        return end <= first ? string.Empty : Convert.ToBase64String(text).Substring(first, end - first);
    }

    private static void Cover(Span<byte> text, byte[] form)
    {
        Span<byte> rest = text;
        int at;
        while ((at = rest.IndexOfAny(form[0], (byte)'\\')) >= 0)
        {
            rest = rest[at..];
            int length = Match(rest, form);
            rest[..length].Fill((byte)'*');
            rest = rest[Math.Max(length, 1)..];
        }
    }

    // Returns how many bytes at the start match the form; 0 if they don't.
    private static int Match(ReadOnlySpan<byte> text, byte[] form)
    {
        int at = 0;
        foreach (byte character in form)
        {
            int length = Length(text[at..], character);
            if (length == 0)
            {
                return 0;
            }

            at += length;
        }

        return at;
    }

    // Returns the length of a character, plain or escaped. In nested JSON, an escape has several backslashes.
    private static int Length(ReadOnlySpan<byte> text, byte character)
    {
        if (text.Length > 0 && text[0] == character)
        {
            return 1;
        }

        int slashes = 0;
        while (slashes < Math.Min(text.Length, MostBackslashes) && text[slashes] == '\\')
        {
            slashes++;
        }

        ReadOnlySpan<byte> escaped = text[slashes..];
        return slashes == 0 || escaped.Length == 0 ? 0
            : escaped[0] == character ? slashes + 1
            : escaped.Length >= 5 && escaped[0] == 'u' && IsCode(escaped.Slice(1, 4), character) ? slashes + 5
            : 0;
    }

    private static bool IsCode(ReadOnlySpan<byte> digits, byte character) =>
        int.TryParse(Encoding.ASCII.GetString(digits.ToArray()), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) && code == character;
}
