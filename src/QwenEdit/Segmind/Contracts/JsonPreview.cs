using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace QwenEdit.Segmind.Contracts;

/// <summary>Formats JSON for people: indented, each image replaced by its length, and URLs without secrets.</summary>
internal static class JsonPreview
{
    /// <summary>No word is longer than this. A longer text that consists of base64 characters is treated as an image.</summary>
    private const int LongestWord = 64;

    /// <summary>How many characters of a long text are shown.</summary>
    private const int LongestText = 2000;

    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Formats a body.</summary>
    /// <param name="body">UTF-8.</param>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    internal static string Of(ReadOnlySpan<byte> body)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text, Options))
        {
            Utf8JsonReader reader = new(body);
            while (reader.Read())
            {
                Copy(ref reader, json);
            }
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    /// <summary>Returns the placeholder for an image of this many base64 characters.</summary>
    internal static string Image(long characters) => string.Format(CultureInfo.InvariantCulture, "<base64, {0:N0} characters>", characters);

    /// <summary>Returns the beginning of a text that is not JSON.</summary>
    internal static string Text(string text) => UrlRedactor.WithoutSecrets(
        text.Length <= LongestText ? text : string.Format(CultureInfo.InvariantCulture, "{0}… ({1:N0} characters)", text.Substring(0, LongestText), text.Length));

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter json)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                json.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                json.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                json.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                json.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                json.WritePropertyName(reader.GetString()!);
                break;
            case JsonTokenType.String:
                json.WriteStringValue(Short(ref reader));
                break;
            default:
                json.WriteRawValue(reader.ValueSpan);
                break;
        }
    }

    private static string Short(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> raw = reader.ValueSpan;
        // Characters such as + and / may be escaped. This is rare for images, so only then a string is created.
        string? text = reader.ValueIsEscaped ? reader.GetString() : null;
        ReadOnlySpan<byte> value = text is null ? raw : Encoding.UTF8.GetBytes(text);
        int data = value.StartsWith("data:"u8) && value.IndexOf(";base64,"u8) is > 0 and var comma ? comma + ";base64,"u8.Length : 0;
        // The placeholder of a submission's image is already short.
        bool isShort = data > 0 && value.Slice(data).StartsWith("<"u8);
        return !isShort && (data > 0 || IsImage(value))
            ? Encoding.UTF8.GetString(value.Slice(0, data).ToArray()) + Image(value.Length - data)
            : Text(text ?? reader.GetString()!);
    }

    private static bool IsImage(ReadOnlySpan<byte> value)
    {
        foreach (byte letter in value)
        {
            if (letter is not ((>= (byte)'A' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z') or (>= (byte)'0' and <= (byte)'9')
                or (byte)'+' or (byte)'/' or (byte)'='))
            {
                return false;
            }
        }

        return value.Length >= LongestWord;
    }
}
