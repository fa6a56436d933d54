using System.Globalization;
using System.Text.Json;

namespace QwenEdit.Emulator.Jobs;

/// <summary>Reads fields of a JSON object and keeps the first thing that is wrong with them.</summary>
internal sealed class Fields(JsonElement body)
{
    public string? Missing { get; private set; }

    public string? Invalid { get; private set; }

    public string? Unlisted { get; private set; }

    public string? Text(string name, bool required)
    {
        if (!Find(name, out var value))
        {
            if (required)
            {
                Missing ??= $"Missing required field: {name}";
            }
            return null;
        }
        if (value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text)
        {
            return text;
        }
        Missing ??= $"Invalid value for {name}: a string is expected";
        return null;
    }

    public long Integer(string name, long otherwise, long least, long most)
    {
        if (!Find(name, out var value))
        {
            return otherwise;
        }
        if (value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most)
        {
            return number;
        }
        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"an integer from {least} to {most}"));
        return otherwise;
    }

    public double Number(string name, double otherwise, double least, double most)
    {
        if (!Find(name, out var value))
        {
            return otherwise;
        }
        if (value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most)
        {
            return number;
        }
        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));
        return otherwise;
    }

    public T OneOf<T>(string name, T otherwise, params ReadOnlySpan<T> values) where T : struct, Enum
    {
        if (!Find(name, out var value))
        {
            return otherwise;
        }
        var text = value.ValueKind is JsonValueKind.String ? value.GetString() : null;
        foreach (var candidate in values)
        {
            if (Spell(candidate) == text)
            {
                return candidate;
            }
        }
        Unlisted ??= $"Invalid value for {name}: one of {string.Join(", ", values.ToArray().Select(Spell))} is expected";
        return otherwise;
    }

    public bool Flag(string name)
    {
        if (!Find(name, out var value))
        {
            return false;
        }
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Refuse(name, "true or false");
        }
        return value.ValueKind is JsonValueKind.True;
    }

    private static string Spell<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private bool Find(string name, out JsonElement value) =>
        body.TryGetProperty(name, out value) && value.ValueKind is not JsonValueKind.Null;

    private void Refuse(string name, string expected) => Invalid ??= $"Invalid value for {name}: {expected} is expected";
}
