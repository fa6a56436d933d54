namespace QwenEdit;

/// <summary>The status of a job at one moment, as the service reports it.</summary>
public sealed record EditStatus
{
    /// <summary>The service's id of the job.</summary>
    public string RequestId { get; init; } = string.Empty;

    /// <summary>Where the service stands with the job.</summary>
    public EditState Status { get; init; }

    /// <summary>The full path or the address of the image; empty where only the request id is known.</summary>
    public string Source { get; init; } = string.Empty;

    /// <summary>The full path of the file to be written; empty where only the request id is known.</summary>
    public string Destination { get; init; } = string.Empty;

    /// <summary>What the job cost, in credits (US dollars); <see langword="null"/> until it is completed.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The account's balance after the job, in credits.</summary>
    public decimal? RemainingCredits { get; init; }

    /// <summary>The seed that the job used.</summary>
    public long? Seed { get; init; }

    /// <summary>Seconds spent waiting for a worker.</summary>
    public double? QueueSeconds { get; init; }

    /// <summary>Seconds spent in the model.</summary>
    public double? InferenceSeconds { get; init; }

    /// <summary>When the service accepted the job, where that is known.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>When the service forgets the job, where that is known.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When the service was asked.</summary>
    public DateTimeOffset CheckedAt { get; init; }

    /// <summary>Why the job failed, in the service's words.</summary>
    public string? Error { get; init; }
}
