using System.Management.Automation;

namespace QwenEdit.Commands.Pipeline;

/// <summary>
/// Creates every error record of the module. The id is the name of the <see cref="EditError"/>, the target is the input of the user, and the
/// details say what to do next. The category and the next step are those of <see cref="EditErrorCatalog"/>.
/// </summary>
internal static class ErrorRecords
{
    /// <summary>Creates the record of an error of one edit or of the whole call.</summary>
    /// <param name="exception">The error.</param>
    /// <param name="target">The user's own input: a path, a URL or a request id.</param>
    /// <param name="requestId">The job, if there is one that may still be received.</param>
    internal static ErrorRecord From(QwenEditException exception, object? target, string? requestId = null)
    {
        EditErrorInfo info = EditErrorCatalog.Of(exception.Error);
        string next = exception.NextStep ?? info.NextStepWith(Receive(requestId));
        string sentence = Sentence(exception, target);
        ErrorRecord record = new(exception, exception.Error.ToString(), Category(info), target)
        {
            // The next step is a part of the message, because Windows PowerShell and most logs omit RecommendedAction.
            ErrorDetails = new ErrorDetails(next.Length == 0 ? sentence : $"{sentence} {next}"),
        };
        // The target object is unchanged. Only its name is escaped.
        record.CategoryInfo.TargetName = Shown(target);
        return record;
    }

    /// <summary>Creates the record of a defect of this module.</summary>
    internal static ErrorRecord Unexpected(Exception exception, object target)
    {
        EditErrorInfo info = EditErrorCatalog.Of(EditError.UnexpectedError);
        return new(exception, info.Error.ToString(), Category(info), target)
        {
            ErrorDetails = new ErrorDetails($"{exception.GetType().Name}: {TerminalText.Escape(exception.Message)} {info.NextStep}"),
        };
    }

    // The message names the image, so that the error can be assigned to one of a thousand images.
    private static string Sentence(QwenEditException exception, object? target) =>
        Shown(target) is { Length: > 0 } name && exception.Message.IndexOf(name, StringComparison.Ordinal) < 0
            ? $"{name}: {exception.Message}"
            : exception.Message;

    // The target as messages show it.
    private static string Shown(object? target) => TerminalText.Escape(UrlRedactor.WithoutSecrets(target?.ToString() ?? string.Empty));

    // The catalog does not know PowerShell, so it has the category's name. A test ensures that each is one.
    private static ErrorCategory Category(EditErrorInfo info) => Enum.TryParse(info.Category, out ErrorCategory category) ? category : ErrorCategory.NotSpecified;

    private static string Receive(string? requestId) => requestId is { Length: > 0 } && PowerShellQuoting.Argument(requestId) is { } id
        ? $"Receive-QwenEditResult -RequestId {id} -Wait receives it, for an hour after its submission."
        : string.Empty;
}
