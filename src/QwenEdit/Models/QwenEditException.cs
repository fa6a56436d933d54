namespace QwenEdit;

/// <summary>The one exception of this module: an edit, or a whole call, that can't go on.</summary>
public sealed class QwenEditException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="error">What went wrong, by name.</param>
    /// <param name="message">What went wrong, in a sentence that names the thing. What a terminal would obey in it is escaped, and what may be secret in its addresses is left out.</param>
    /// <param name="innerException">What was caught, if anything. It is left out where its own words would show what is not to be shown.</param>
    public QwenEditException(EditError error, string message, Exception? innerException = null)
        : base(Shown(message), IsShowable(innerException) ? innerException : null) => Error = error;

    /// <summary>What went wrong, by name.</summary>
    public EditError Error { get; }

    /// <summary>The HTTP status of the service's answer, if there was one.</summary>
    public int? StatusCode { get; init; }

    /// <summary>What to do next, where the next step of <see cref="EditErrorCatalog"/> does not fit: empty if the message says it; <see langword="null"/> for that of the catalog.</summary>
    internal string? NextStep { get; init; }

    private static string Shown(string message) => TerminalText.Escape(UrlRedactor.WithoutSecrets(message));

    private static bool IsShowable(Exception? exception) =>
        exception is null || (UrlRedactor.WithoutSecrets(exception.Message) == exception.Message && IsShowable(exception.InnerException));
}
