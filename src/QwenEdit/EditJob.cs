namespace QwenEdit;

/// <summary>An edit that the service has accepted: what is needed to ask for it and to receive it.</summary>
public sealed record EditJob
{
    /// <summary>The service's id of the job.</summary>
    public string RequestId { get; init; } = string.Empty;

    /// <summary>Where the service stood with the job when this object was made.</summary>
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
    public DateTimeOffset SubmittedAt { get; init; }

    /// <summary>When the service forgets the job: one hour after it accepted it.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
}
