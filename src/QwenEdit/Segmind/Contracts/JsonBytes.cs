using System.Text;
using System.Text.Json;

namespace QwenEdit.Segmind.Contracts;

/// <summary>
/// Bytes that should be JSON in UTF-8. Invalid UTF-8 and lone surrogates are replaced by U+FFFD before parsing, because reading such a string throws.
/// </summary>
internal static class JsonBytes
{
    // The length of an escape such as "\uD83D".
    private const int EscapeLength = 6;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Replaces invalid UTF-8 and lone surrogates, and removes a byte order mark.</summary>
    /// <param name="body">The bytes, which may be changed.</param>
    internal static byte[] Repair(byte[] body)
    {
        byte[] text = IsUtf8(body) ? body : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body));
        ReplaceLoneSurrogates(text);
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        return text.AsSpan().StartsWith(mark) ? text.AsSpan(mark.Length).ToArray() : text;
    }

    /// <summary>
    /// Returns the <c>request_id</c> of an object that may be cut off or damaged after it; <see langword="null"/> if there is none. Damage elsewhere
    /// in the response must not lose a paid job.
    /// </summary>
    internal static string? RequestId(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = int.MaxValue }));
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("request_id"u8))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.String && reader.GetString() is { } id && RequestIds.IsPossible(id) ? id : null;
                }
            }
        }
        catch (JsonException)
        {
            // The JSON is damaged before any id.
        }

        return null;
    }

    private static bool IsUtf8(byte[] body)
    {
        try
        {
            _ = Strict.GetCharCount(body);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static void ReplaceLoneSurrogates(Span<byte> text)
    {
        int at = 0;
        int found;
        while ((found = text[at..].IndexOf((byte)'\\')) >= 0)
        {
            at += found;
            switch (Escaped(text[at..]))
            {
                case >= 0xD800 and < 0xDC00 when Escaped(text[(at + EscapeLength)..]) is >= 0xDC00 and < 0xE000:
                    at += 2 * EscapeLength;
                    break;
                case >= 0xD800 and < 0xE000:
                    "\\uFFFD"u8.CopyTo(text[at..]);
                    at += EscapeLength;
                    break;
                default:
                    // The next character may be an escaped backslash.
                    at = Math.Min(at + 2, text.Length);
                    break;
            }
        }
    }

    // Returns the UTF-16 code unit of an escape at the start; -1 if there is no escape.
    private static int Escaped(ReadOnlySpan<byte> text)
    {
        if (text.Length < EscapeLength || text[0] != '\\' || text[1] != 'u')
        {
            return -1;
        }

        int unit = 0;
        foreach (byte digit in text.Slice(2, 4))
        {
            int value = digit switch
            {
                >= (byte)'0' and <= (byte)'9' => digit - '0',
                >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
                _ => -1,
            };
            if (value < 0)
            {
                return -1;
            }

            unit = (unit * 16) + value;
        }

        return unit;
    }
}
