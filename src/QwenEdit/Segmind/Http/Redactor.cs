using System.Globalization;
using System.Text;

namespace QwenEdit.Segmind.Http;

/// <summary>
/// Covers the key in what others say, so that it comes into no message, no journal and no file: as it is, with its characters as escapes of JSON,
/// and as base64, within a longer text too.
/// </summary>
internal sealed class Redactor
{
    /// <summary>A shorter part of base64 would be found where no key is.</summary>
    private const int ShortestBase64 = 8;

    /// <summary>Of an escape in JSON that is three times within JSON.</summary>
    private const int MostBackslashes = 8;

    private readonly byte[][] _forms;

    /// <summary>Knows the key.</summary>
    /// <param name="key">The key, in ASCII; an empty one covers nothing.</param>
    internal Redactor(string key)
    {
        IEnumerable<string> base64 = Enumerable.Range(0, 3).Select(shift => Base64(key, shift)).Where(form => form.Length >= ShortestBase64);
        _forms = key.Length == 0
            ? []
            : [.. new[] { key }.Concat(base64).SelectMany(form => new[] { form, form.Replace('+', '-').Replace('/', '_') })
                .Distinct(StringComparer.Ordinal)
                .Select(Encoding.ASCII.GetBytes)];
    }

    /// <summary>Writes asterisks over the key, wherever it is.</summary>
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

    /// <summary>Whether a text has the key in it.</summary>
    internal bool IsIn(string text) => Cover(text) != text;

    // What the key's bytes alone decide of the base64 of a text that has the key after so many bytes, or three more.
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

    // How many bytes at the start say the form; 0 if they don't.
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

    // A character as it is; or an escape of it, which has several backslashes in JSON that is within JSON.
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
