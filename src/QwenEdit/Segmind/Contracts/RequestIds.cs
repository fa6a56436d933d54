namespace QwenEdit.Segmind.Contracts;

/// <summary>Tells what may be an id of the service's, before it comes into the journal and into the paths of requests.</summary>
internal static class RequestIds
{
    /// <summary>The service's have 32 or 36 characters.</summary>
    private const int Longest = 200;

    /// <summary>Whether a text may be an id. An empty, a very long one, and one with control characters is none.</summary>
    internal static bool IsPossible([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? id) =>
        id is { Length: > 0 and <= Longest } && TerminalText.IsHarmless(id);
}
