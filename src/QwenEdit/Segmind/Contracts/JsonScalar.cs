using System.Globalization;
using System.Text.Json;

namespace QwenEdit.Segmind.Contracts;

/// <summary>The JSON value of a field, to compare with another. It does not refer to its document.</summary>
/// <param name="Raw">Its JSON.</param>
/// <param name="Plain">The text of a scalar; <see langword="null"/> for an object or an array.</param>
/// <param name="IsText">Whether it is a string.</param>
internal readonly record struct JsonScalar(string Raw, string? Plain, bool IsText)
{
    /// <summary>The value as a number, if it is a number or a string that contains one.</summary>
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
