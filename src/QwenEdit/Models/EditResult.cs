namespace QwenEdit;

/// <summary>The outcome of one edit, and its cost.</summary>
public sealed record EditResult
{
    /// <summary>What became of the edit.</summary>
    public EditOutcome Status { get; init; }

    /// <summary>The full path or the address of the image; empty where only the request id is known.</summary>
    public string Source { get; init; } = string.Empty;

    /// <summary>The full path of the edited image. It exists if <see cref="Status"/> is <see cref="EditOutcome.Received"/>.</summary>
    public string Destination { get; init; } = string.Empty;

    /// <summary>The edited image's size in bytes.</summary>
    public long? Length { get; init; }

    /// <summary>The service's id of the job; empty if none was made.</summary>
    public string RequestId { get; init; } = string.Empty;

    /// <summary>What was changed, in words.</summary>
    public string Prompt { get; init; } = string.Empty;

    /// <summary>The model's name.</summary>
    public string Model { get; init; } = string.Empty;

    /// <summary>What the edit cost, in credits (US dollars), as the service says.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The account's balance after the edit, in credits.</summary>
    public decimal? RemainingCredits { get; init; }

    /// <summary>The seed that was used.</summary>
    public long? Seed { get; init; }

    /// <summary>Seconds spent waiting for a worker.</summary>
    public double? QueueSeconds { get; init; }

    /// <summary>Seconds spent in the model.</summary>
    public double? InferenceSeconds { get; init; }

    /// <summary>When the service accepted the job.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>When the service forgets the job: one hour after it accepted it.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The public address of the output, good for 7 days after the edit; empty if the image came as text.</summary>
    public string OutputUrl { get; init; } = string.Empty;

    /// <summary>Why there is no image.</summary>
    public string? Error { get; init; }

    /// <summary>The same path as <see cref="Destination"/>, under the name that file cmdlets bind to, so that a result can be piped to them and to the next edit.</summary>
    public string PSPath => Destination;
}
