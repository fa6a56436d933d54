using QwenEdit.Commands.Parameters;

namespace QwenEdit.Segmind.Contracts;

/// <summary>One request of the account, as its history has it. Every field but the id may be missing.</summary>
internal sealed record HistoryRow
{
    internal required string RequestId { get; init; }

    internal string? Model { get; init; }

    internal required EditState State { get; init; }

    /// <summary>When the service accepted the request, by the service's clock.</summary>
    internal DateTimeOffset? Created { get; init; }

    /// <summary>From its acceptance to its end.</summary>
    internal TimeSpan? Latency { get; init; }

    /// <summary>What it cost, in US dollars.</summary>
    internal decimal? Cost { get; init; }

    /// <summary>The public URL of the output, good for 7 days.</summary>
    internal Uri? OutputUrl { get; init; }

    /// <summary>Why it failed.</summary>
    internal string? Error { get; init; }

    /// <summary>The fields as they were sent, all but the image; <see langword="null"/> where the history does not keep them.</summary>
    internal IReadOnlyDictionary<string, JsonScalar>? Fields { get; init; }

    /// <summary>What the history keeps of the image; <see langword="null"/> for nothing.</summary>
    internal HistoryImage? Image { get; init; }
}

/// <summary>An image as the history keeps it. It may have been cut: whether a large one is kept whole is not documented.</summary>
internal sealed record HistoryImage
{
    /// <summary>Its address, where one was sent, or where the history has put it elsewhere.</summary>
    internal string? Url { get; init; }

    /// <summary>The hash of the bytes that are kept.</summary>
    internal string? Hash { get; init; }

    /// <summary>Whether these bytes are evidently an image to its end.</summary>
    internal bool IsWhole { get; init; }
}
