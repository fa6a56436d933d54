namespace QwenEdit.Segmind.Contracts;

/// <summary>Validates the service's ids before they are stored in the journal and used in URLs.</summary>
internal static class RequestIds
{
    /// <summary>The service's ids have 32 or 36 characters.</summary>
    private const int Longest = 200;

    /// <summary>Whether a text may be an id: it is not empty, not longer than the limit, and has no control characters.</summary>
    internal static bool IsPossible([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? id) =>
        id is { Length: > 0 and <= Longest } && TerminalText.IsHarmless(id);
}
