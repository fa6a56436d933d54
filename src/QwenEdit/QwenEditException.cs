namespace QwenEdit;

/// <summary>The one exception of this module: an edit, or a whole call, that can't go on.</summary>
public sealed class QwenEditException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="error">What went wrong, by name.</param>
    /// <param name="message">What went wrong, in a sentence that names the thing. What a terminal would obey in it is escaped.</param>
    /// <param name="innerException">What was caught, if anything.</param>
    public QwenEditException(EditError error, string message, Exception? innerException = null)
        : base(TerminalText.Escape(message), innerException) => Error = error;

    /// <summary>What went wrong, by name.</summary>
    public EditError Error { get; }

    /// <summary>The HTTP status of the service's answer, if there was one.</summary>
    public int? StatusCode { get; init; }
}
