namespace QwenEdit.Segmind.Contracts;

/// <summary>One request of the account in the request history. Every field except the id may be missing.</summary>
internal sealed record HistoryRow
{
    internal required string RequestId { get; init; }

    internal string? Model { get; init; }

    internal required EditState State { get; init; }

    /// <summary>When the service accepted the request, by the service's clock.</summary>
    internal DateTimeOffset? Created { get; init; }

    /// <summary>The time from acceptance to the end of the job.</summary>
    internal TimeSpan? Latency { get; init; }

    /// <summary>The cost in US dollars.</summary>
    internal decimal? Cost { get; init; }

    /// <summary>The public URL of the output, valid for 7 days.</summary>
    internal Uri? OutputUrl { get; init; }

    /// <summary>The reason for the failure.</summary>
    internal string? Error { get; init; }

    /// <summary>The fields that were sent, except the image; <see langword="null"/> if the history does not keep them.</summary>
    internal IReadOnlyDictionary<string, JsonScalar>? Fields { get; init; }

    /// <summary>What the history keeps of the image; <see langword="null"/> if nothing.</summary>
    internal HistoryImage? Image { get; init; }
}

/// <summary>An image in the request history. It may be truncated: the documentation does not say whether large images are kept whole.</summary>
internal sealed record HistoryImage
{
    /// <summary>The URL, if a URL was sent, or if the history stores the image elsewhere.</summary>
    internal string? Url { get; init; }

    /// <summary>The hash of the bytes that are kept.</summary>
    internal string? Hash { get; init; }

    /// <summary>Whether these bytes are a complete image.</summary>
    internal bool IsWhole { get; init; }
}
