using QwenEdit.Commands.Parameters;

namespace QwenEdit.Diagnostics;

/// <summary>What happened, in parts that a program can read. What is not known, or does not matter, is <see langword="null"/>.</summary>
/// <param name="Name">The kind of event, such as <c>edit.submitted</c>.</param>
internal sealed record EditEvent(string Name)
{
    /// <summary>The journal's number of the edit.</summary>
    internal long? EditId { get; init; }

    /// <summary>The image's path or address.</summary>
    internal string? Source { get; init; }

    internal string? Destination { get; init; }

    /// <summary>The service's id of the job.</summary>
    internal string? RequestId { get; init; }

    /// <summary>An outcome, a job's state by the service's name, or an HTTP status.</summary>
    internal string? Status { get; init; }

    /// <summary>How long it took.</summary>
    internal double? Seconds { get; init; }

    /// <summary>In credits.</summary>
    internal decimal? Cost { get; init; }

    /// <summary>A size.</summary>
    internal long? Bytes { get; init; }

    internal EditError? Error { get; init; }
}
