namespace QwenEdit.Diagnostics;

/// <summary>The structured data of a log entry. Values that are unknown or irrelevant are <see langword="null"/>.</summary>
/// <param name="Name">The kind of event, such as <c>edit.submitted</c>.</param>
internal sealed record EditEvent(string Name)
{
    /// <summary>The edit's id in the journal.</summary>
    internal long? EditId { get; init; }

    /// <summary>The path or the URL of the image.</summary>
    internal string? Source { get; init; }

    internal string? Destination { get; init; }

    /// <summary>The service's id of the job.</summary>
    internal string? RequestId { get; init; }

    /// <summary>An outcome, the service's name of a job's state, or an HTTP status code.</summary>
    internal string? Status { get; init; }

    /// <summary>A duration in seconds.</summary>
    internal double? Seconds { get; init; }

    /// <summary>The cost in credits.</summary>
    internal decimal? Cost { get; init; }

    /// <summary>A size in bytes.</summary>
    internal long? Bytes { get; init; }

    internal EditError? Error { get; init; }
}
