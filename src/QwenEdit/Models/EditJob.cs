namespace QwenEdit;

/// <summary>An edit in the journal, with everything that is needed to ask for its job and to receive its image.</summary>
public sealed record EditJob
{
    /// <summary>The journal's number of the edit; 0 where the journal does not have it.</summary>
    public long EditId { get; init; }

    /// <summary>The journal's number of the run that worked on the edit last.</summary>
    public long? RunId { get; init; }

    /// <summary>The service's id of the job; empty if none was made, or nobody knows.</summary>
    public string RequestId { get; init; } = string.Empty;

    /// <summary>How far the edit had come when this object was made.</summary>
    public EditState Status { get; init; }

    /// <summary>The full path or the address of the image.</summary>
    public string Source { get; init; } = string.Empty;

    /// <summary>The full path of the file that <c>Receive-QwenEditResult</c> writes.</summary>
    public string Destination { get; init; } = string.Empty;

    /// <summary>What is changed, in words.</summary>
    public string Prompt { get; init; } = string.Empty;

    /// <summary>The model's name.</summary>
    public string Model { get; init; } = string.Empty;

    /// <summary>The seed that was sent.</summary>
    public long Seed { get; init; }

    /// <summary>The format that was asked for.</summary>
    public ImageFormat ImageFormat { get; init; }

    /// <summary>The service that accepted the job.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>When the service accepted the job.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>When the service forgets the job: one hour after it accepted it.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What the job cost, in credits (US dollars), once that is known.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Why there is no image, if there is none.</summary>
    public string? Error { get; init; }
}
