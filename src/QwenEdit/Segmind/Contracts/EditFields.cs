using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace QwenEdit.Segmind.Contracts;

/// <summary>
/// The fields of an edit as canonical JSON, which is written once: the identity of the edit hashes it, the journal keeps it, and it is sent with the
/// seed put in. The same values always give the same bytes, in any order and on any runtime.
/// </summary>
internal sealed class EditFields
{
    private const int MaximumDepth = 64;

    private readonly byte[] _json;
    private readonly int _seedStart;
    private readonly int _seedEnd;

    private EditFields(byte[] json, int seedStart, int seedEnd) => (_json, _seedStart, _seedEnd) = (json, seedStart, seedEnd);

    /// <summary>The service's names of the fields that have their own parameter.</summary>
    internal static IReadOnlyList<string> Names { get; } =
        ["image", "prompt", "steps", "guidance", "seed", "image_format", "quality", "base64"];

    /// <summary>The JSON object, with the seed that was asked for, and without a local image.</summary>
    internal string Text => Encoding.UTF8.GetString(_json);

    /// <summary>Writes the fields of an edit: numbers as numbers, and every documented field by name.</summary>
    /// <remarks>
    /// The text is a part of the edit's identity. With another text, the edits of existing journals are not recognized and are paid for again. So
    /// a field that is added later is written only if its value is not the default.
    /// </remarks>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.InvalidAdditionalParameter"/>: an additional field has its own parameter, or its value can't be written as JSON.
    /// </exception>
    internal static EditFields Of(EditRequest request)
    {
        using var buffer = new MemoryStream();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("prompt", request.Prompt);
        json.WriteNumber("steps", request.Steps);
        json.WritePropertyName("guidance");
        json.WriteRawValue(Numbers.ShortestText(request.Guidance));
        json.WritePropertyName("seed");
        int seedStart = Position();
        json.WriteNumberValue(request.Seed);
        int seedEnd = Position();
        json.WriteString("image_format", request.ImageFormat switch
        {
            ImageFormat.Png => "png",
            ImageFormat.Jpeg => "jpeg",
            ImageFormat.Webp => "webp",
            _ => throw new ArgumentOutOfRangeException(nameof(request), request.ImageFormat, null),
        });
        json.WriteNumber("quality", request.Quality);
        json.WriteBoolean("base64", request.Base64);
        foreach (KeyValuePair<string, object?> field in request.AdditionalParameters.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            if (Names.Contains(field.Key, StringComparer.Ordinal))
            {
                throw Invalid(field.Key, "it has a parameter of its own");
            }

            json.WritePropertyName(field.Key);
            WriteValue(json, field.Key, field.Value);
        }

        if (request.Uri is not null)
        {
            json.WriteString("image", request.Uri.AbsoluteUri);
        }

        json.WriteEndObject();
        json.Flush();
        return new EditFields(buffer.ToArray(), seedStart, seedEnd);

        int Position()
        {
            json.Flush();
            return (int)buffer.Position;
        }
    }

    /// <summary>The JSON object in UTF-8 as it is sent.</summary>
    /// <param name="seed">The seed to send.</param>
    /// <param name="imageUrl">The URL of a local image that was uploaded; <see langword="null"/> if it was not.</param>
    internal byte[] With(long seed, Uri? imageUrl = null)
    {
        byte[] digits = Encoding.ASCII.GetBytes(seed.ToString(CultureInfo.InvariantCulture));
        ReadOnlySpan<byte> start = _json.AsSpan(0, _seedStart);
        ReadOnlySpan<byte> end = _json.AsSpan(_seedEnd);
        return imageUrl is null
            ? [.. start, .. digits, .. end]
            : [.. start, .. digits, .. end.Slice(0, end.Length - 1), .. Encoding.UTF8.GetBytes($",\"image\":\"{JsonEncodedText.Encode(imageUrl.AbsoluteUri)}\"}}")];
    }

    private static void WriteValue(Utf8JsonWriter json, string name, object? value)
    {
        if (json.CurrentDepth > MaximumDepth)
        {
            throw Invalid(name, "it is nested too deeply, or holds itself");
        }

        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case double.NaN or double.PositiveInfinity or double.NegativeInfinity or float.NaN or float.PositiveInfinity or float.NegativeInfinity:
                throw Invalid(name, "JSON has no such number");
            case float number:
                json.WriteRawValue(Numbers.ShortestText(number));
                break;
            case double number:
                json.WriteRawValue(Numbers.ShortestText(number));
                break;
            case decimal number:
                // The division removes trailing zeros.
                json.WriteNumberValue(number / 1.000000000000000000000000000000000m);
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case IDictionary dictionary:
                json.WriteStartObject();
                foreach (KeyValuePair<string, object?> entry in Sorted(dictionary, name))
                {
                    json.WritePropertyName(entry.Key);
                    WriteValue(json, name, entry.Value);
                }

                json.WriteEndObject();
                break;
            case IEnumerable items:
                json.WriteStartArray();
                foreach (object? item in items)
                {
                    WriteValue(json, name, item);
                }

                json.WriteEndArray();
                break;
            default:
                throw Invalid(name, $"a {value.GetType().Name} can't be sent; strings, numbers, booleans, lists and hashtables can");
        }
    }

    // The order of a hashtable differs between processes.
    private static SortedDictionary<string, object?> Sorted(IDictionary dictionary, string name)
    {
        SortedDictionary<string, object?> sorted = new(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in dictionary)
        {
            string key = Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!;
            if (sorted.ContainsKey(key))
            {
                throw Invalid(name, $"it has two keys that are '{key}' as text");
            }

            sorted.Add(key, entry.Value);
        }

        return sorted;
    }

    private static QwenEditException Invalid(string name, string why) =>
        new(EditError.InvalidAdditionalParameter, $"-AdditionalParameter can't hold '{name}': {why}.");
}
