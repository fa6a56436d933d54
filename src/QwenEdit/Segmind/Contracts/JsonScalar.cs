using System.Globalization;
using System.Text.Json;

namespace QwenEdit.Segmind.Contracts;

/// <summary>A field's value as JSON has it, to be compared with another's: of its own memory, and read once.</summary>
/// <param name="Raw">Its JSON.</param>
/// <param name="Plain">What a scalar says; <see langword="null"/> for an object or an array.</param>
/// <param name="IsText">Whether it is a string.</param>
internal readonly record struct JsonScalar(string Raw, string? Plain, bool IsText)
{
    /// <summary>The number that it is, or that it says as a string.</summary>
    internal decimal? Number =>
        decimal.TryParse(Plain, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number : null;

    internal static JsonScalar Of(JsonElement value)
    {
        string raw = value.GetRawText();
        return value.ValueKind switch
        {
            JsonValueKind.String => new JsonScalar(raw, value.GetString(), IsText: true),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null => new JsonScalar(raw, raw, IsText: false),
            _ => new JsonScalar(raw, null, IsText: false),
        };
    }
}
