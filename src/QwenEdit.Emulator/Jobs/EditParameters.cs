using System.Text.Json;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Jobs;

/// <summary>The parameters of <c>qwen-image-edit-fast</c>, read from a body whose inline images are spooled.</summary>
internal sealed record EditParameters
{
    public const long LargestSeed = 999_999_999_999_999;

    public required string Prompt { get; init; }
    public required string Image { get; init; }
    public int Steps { get; init; } = 8;
    public double Guidance { get; init; } = 1;
    public long Seed { get; init; } = 760941192;
    public ImageType Format { get; init; } = ImageType.Png;
    public int Quality { get; init; } = 90;
    public bool Base64 { get; init; }

    /// <summary>Why the body is no JSON object.</summary>
    public string? Malformed { get; private init; }

    /// <summary>Which required field is missing or no text.</summary>
    public string? Missing { get; private init; }

    /// <summary>Which value is of the wrong type or out of its range.</summary>
    public string? Invalid { get; private init; }

    /// <summary>Which value is not of its fixed set. The service checks these before it accepts a request.</summary>
    public string? Unlisted { get; private init; }

    public static EditParameters Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? Read(new Fields(document.RootElement))
                : Bad("Invalid JSON: an object is expected");
        }
        catch (JsonException error)
        {
            return Bad($"Invalid JSON: {error.Message}");
        }
    }

    private static EditParameters Read(Fields fields)
    {
        var image = fields.Text("image", required: true);
        var prompt = fields.Text("prompt", required: true);
        var parameters = new EditParameters
        {
            Image = image ?? "",
            Prompt = prompt ?? "",
            Steps = (int)fields.Integer("steps", 8, 1, 20),
            Guidance = fields.Number("guidance", 1, 1, 25),
            Seed = fields.Integer("seed", 760941192, -1, LargestSeed),
            Format = fields.OneOf("image_format", ImageType.Png, ImageType.Png, ImageType.Jpeg, ImageType.Webp),
            Quality = (int)fields.Integer("quality", 90, 10, 100),
            Base64 = fields.Flag("base64"),
        };
        return parameters with { Missing = fields.Missing, Invalid = fields.Invalid, Unlisted = fields.Unlisted };
    }

    private static EditParameters Bad(string message) => new() { Prompt = "", Image = "", Malformed = message };
}
