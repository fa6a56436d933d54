namespace QwenEdit;

/// <summary>One edit as it was asked for: an image, what to do with it, and where the result goes.</summary>
public sealed record EditRequest
{
    /// <summary>The default model.</summary>
    internal const string DefaultModel = "qwen-image-edit-fast";

    /// <summary>The full path of the image; <see langword="null"/> if <see cref="Uri"/> names a remote image.</summary>
    public string? Path { get; init; }

    /// <summary>The URL of a remote image, which the service downloads itself; <see langword="null"/> for a file.</summary>
    public Uri? Uri { get; init; }

    /// <summary>The full path of the file that the edited image is written to.</summary>
    public required string Destination { get; init; }

    /// <summary>Whether a file that is already at <see cref="Destination"/> is overwritten.</summary>
    public bool Overwrite { get; init; }

    /// <summary>What to change, in words.</summary>
    public required string Prompt { get; init; }

    /// <summary>Inference steps, 1 to 20.</summary>
    public int Steps { get; init; } = 8;

    /// <summary>How closely the model follows the prompt, 1 to 25.</summary>
    public double Guidance { get; init; } = 1;

    /// <summary>The seed, 0 to 999999999999999; -1 is a random seed, which the client chooses and reports.</summary>
    public long Seed { get; init; } = 760941192;

    /// <summary>The format of the edited image.</summary>
    public ImageFormat ImageFormat { get; init; } = ImageFormat.Png;

    /// <summary>The quality of a lossy format, 10 to 100.</summary>
    public int Quality { get; init; } = 90;

    /// <summary>Whether the service returns the image as text instead of a public URL.</summary>
    public bool Base64 { get; init; }

    /// <summary>The model's name in the service's URLs.</summary>
    public string Model { get; init; } = DefaultModel;

    /// <summary>Further fields of the request's body, by their names at the service.</summary>
    public IReadOnlyDictionary<string, object?> AdditionalParameters { get; init; } = new Dictionary<string, object?>();

    /// <summary>The path or the URL of the image.</summary>
    public string Source => Path ?? Uri?.OriginalString ?? string.Empty;
}
