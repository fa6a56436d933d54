namespace QwenEdit.Segmind.Contracts;

/// <summary>A reference to a job: its id and its URLs.</summary>
internal sealed record JobReference(string RequestId, Uri StatusUri, Uri ResultUri)
{
    /// <summary>When the service accepted the job, by the <c>Date</c> of its response.</summary>
    internal DateTimeOffset? AcceptedAt { get; init; }
}

/// <summary>What the service reports about a job.</summary>
internal sealed record JobReport
{
    internal required EditState State { get; init; }

    /// <summary>The service's name of the state, unchanged.</summary>
    internal string StateName { get; init; } = string.Empty;

    internal decimal? Cost { get; init; }

    internal decimal? RemainingCredits { get; init; }

    /// <summary>Seconds in the queue.</summary>
    internal double? QueueSeconds { get; init; }

    /// <summary>Seconds in the model.</summary>
    internal double? InferenceSeconds { get; init; }

    internal long? Seed { get; init; }

    /// <summary>The reason for the failure.</summary>
    internal string? Error { get; init; }

    /// <summary>The image; only in the result of a completed job.</summary>
    internal JobOutput? Output { get; init; }
}

/// <summary>An edited image at the service: a public URL, or the bytes.</summary>
internal sealed record JobOutput
{
    internal Uri? Url { get; init; }

    internal byte[]? Bytes { get; init; }
}
