using System.Management.Automation;

namespace QwenEdit.Commands.Pipeline;

/// <summary>
/// Makes every error record of the module: the id is the <see cref="EditError"/>'s name, the target is what the user gave, and the
/// details say what to do next. The category and the next step are those of <see cref="EditErrorCatalog"/>.
/// </summary>
internal static class ErrorRecords
{
    /// <summary>The record of an edit, or of a call, that can't go on.</summary>
    /// <param name="exception">What happened.</param>
    /// <param name="target">The user's own input: a path, an address, a request id.</param>
    /// <param name="requestId">The job, if there is one that may still be received.</param>
    internal static ErrorRecord From(QwenEditException exception, object? target, string? requestId = null)
    {
        EditErrorInfo info = EditErrorCatalog.Of(exception.Error);
        string next = exception.NextStep ?? info.NextStepWith(Receive(requestId));
        string sentence = Sentence(exception, target);
        ErrorRecord record = new(exception, exception.Error.ToString(), Category(info), target)
        {
            // In the message and not as its RecommendedAction, which Windows PowerShell and most logs leave out.
            ErrorDetails = new ErrorDetails(next.Length == 0 ? sentence : $"{sentence} {next}"),
        };
        // The target stays exact; its name is shown.
        record.CategoryInfo.TargetName = Shown(target);
        return record;
    }

    /// <summary>The record of a defect of this module.</summary>
    internal static ErrorRecord Unexpected(Exception exception, object target)
    {
        EditErrorInfo info = EditErrorCatalog.Of(EditError.UnexpectedError);
        return new(exception, info.Error.ToString(), Category(info), target)
        {
            ErrorDetails = new ErrorDetails($"{exception.GetType().Name}: {TerminalText.Escape(exception.Message)} {info.NextStep}"),
        };
    }

    // The image's name first, where the message does not have it: among a thousand, that is what one looks for.
    private static string Sentence(QwenEditException exception, object? target) =>
        Shown(target) is { Length: > 0 } name && exception.Message.IndexOf(name, StringComparison.Ordinal) < 0
            ? $"{name}: {exception.Message}"
            : exception.Message;

    // As it stands in the message.
    private static string Shown(object? target) => TerminalText.Escape(UrlRedactor.WithoutSecrets(target?.ToString() ?? string.Empty));

    // The catalog does not know PowerShell, so it has the category's name. A test ensures that each is one.
    private static ErrorCategory Category(EditErrorInfo info) => Enum.TryParse(info.Category, out ErrorCategory category) ? category : ErrorCategory.NotSpecified;

    private static string Receive(string? requestId) => requestId is { Length: > 0 } && PowerShellQuoting.Argument(requestId) is { } id
        ? $"Receive-QwenEditResult -RequestId {id} -Wait receives it, for an hour after its submission."
        : string.Empty;
}
