using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace QwenEdit.Emulator.Control;

/// <summary>The JSON of the control API: <c>snake_case</c> names, <c>kebab-case</c> values; unknown members are errors.</summary>
internal static class ControlJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        // Read asks for it before anything has been serialized. A source-generated resolver would lose the defaults of init-only properties.
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>Parses a request body. An error names what is wrong and the valid values.</summary>
    /// <exception cref="JsonException">A field is unknown, missing or invalid.</exception>
    public static T Read<T>(JsonElement body)
    {
        if (body.ValueKind is not JsonValueKind.Object)
        {
            throw new JsonException("A JSON object is expected.");
        }
        var fields = Options.GetTypeInfo(typeof(T)).Properties;
        foreach (var sent in body.EnumerateObject())
        {
            var field = fields.FirstOrDefault(field => field.Name == sent.Name)
                ?? throw new JsonException($"{sent.Name} is no field of it. The fields are {string.Join(", ", fields.Select(field => field.Name))}.");
            Check(sent, field.PropertyType);
        }
        return fields.FirstOrDefault(field => field.IsRequired && !body.TryGetProperty(field.Name, out _)) is { } missing
            ? throw new JsonException($"{missing.Name} is missing.")
            : body.Deserialize<T>(Options)!;
    }

    private static void Check(JsonProperty sent, Type type)
    {
        try
        {
            sent.Value.Deserialize(type, Options);
        }
        catch (JsonException)
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            var right = type.IsEnum ? "one of " + string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName))
                : type == typeof(int) || type == typeof(long) ? "an integer"
                : type == typeof(double) || type == typeof(decimal) ? "a number"
                : type == typeof(string) ? "a text"
                : "an object of texts";
            throw new JsonException($"{sent.Value.GetRawText()} is no value of {sent.Name}. It is {right}.");
        }
    }
}
