using QwenEdit.Commands.Parameters;

namespace QwenEdit.Segmind.Contracts;

/// <summary>A job as the client refers to it: its id, and where to ask.</summary>
internal sealed record JobReference(string RequestId, Uri StatusUri, Uri ResultUri)
{
    /// <summary>When the service accepted it, by the date of its answer.</summary>
    internal DateTimeOffset? AcceptedAt { get; init; }
}

/// <summary>What the service says of a job.</summary>
internal sealed record JobReport
{
    internal required EditState State { get; init; }

    /// <summary>The state's name as it came.</summary>
    internal string StateName { get; init; } = string.Empty;

    internal decimal? Cost { get; init; }

    internal decimal? RemainingCredits { get; init; }

    /// <summary>Seconds in the queue.</summary>
    internal double? QueueSeconds { get; init; }

    /// <summary>Seconds in the model.</summary>
    internal double? InferenceSeconds { get; init; }

    internal long? Seed { get; init; }

    /// <summary>Why it failed.</summary>
    internal string? Error { get; init; }

    /// <summary>Where the image is; only in the result of a completed job.</summary>
    internal JobOutput? Output { get; init; }
}

/// <summary>An edited image at the service: a public URL, or the bytes themselves.</summary>
internal sealed record JobOutput
{
    internal Uri? Url { get; init; }

    internal byte[]? Bytes { get; init; }
}
