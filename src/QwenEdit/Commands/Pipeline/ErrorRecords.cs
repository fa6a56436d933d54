using System.Management.Automation;

namespace QwenEdit.Commands.Pipeline;

/// <summary>
/// Makes every error record of the module: the id is the <see cref="EditError"/>'s name, the target is what the user gave, and the
/// details say what to do next.
/// </summary>
internal static class ErrorRecords
{
    /// <summary>The record of an edit, or of a call, that can't go on.</summary>
    /// <param name="exception">What happened.</param>
    /// <param name="target">The user's own input: a path, an address, a request id.</param>
    /// <param name="requestId">The job, if there is one that may still be received.</param>
    internal static ErrorRecord From(QwenEditException exception, object? target, string? requestId = null)
    {
        (ErrorCategory category, string next) = Describe(exception.Error, requestId);
        next = exception.NextStep ?? next;
        string sentence = Sentence(exception, target);
        ErrorRecord record = new(exception, exception.Error.ToString(), category, target)
        {
            // In the message and not as its RecommendedAction, which Windows PowerShell and most logs leave out.
            ErrorDetails = new ErrorDetails(next.Length == 0 ? sentence : $"{sentence} {next}"),
        };
        // The target stays exact; its name is shown.
        record.CategoryInfo.TargetName = Shown(target);
        return record;
    }

    /// <summary>The record of a defect of this module.</summary>
    internal static ErrorRecord Unexpected(Exception exception, object target) => new(
        exception, nameof(EditError.UnexpectedError), ErrorCategory.NotSpecified, target)
    {
        ErrorDetails = new ErrorDetails($"{exception.GetType().Name}: {TerminalText.Escape(exception.Message)} This is a defect of QwenEdit; please report it with the exception's stack trace."),
    };

    // The image's name first, where the message does not have it: among a thousand, that is what one looks for.
    private static string Sentence(QwenEditException exception, object? target) =>
        Shown(target) is { Length: > 0 } name && exception.Message.IndexOf(name, StringComparison.Ordinal) < 0
            ? $"{name}: {exception.Message}"
            : exception.Message;

    // As it stands in the message.
    private static string Shown(object? target) => TerminalText.Escape(UrlRedactor.WithoutSecrets(target?.ToString() ?? string.Empty));

    private static (ErrorCategory Category, string Next) Describe(EditError error, string? requestId)
    {
        string receive = requestId is { Length: > 0 } && PowerShellQuoting.Argument(requestId) is { } id
            ? $"Receive-QwenEditResult -RequestId {id} -Wait receives it, for an hour after its submission."
            : string.Empty;
        return error switch
        {
            EditError.ImageNotFound => (ErrorCategory.ObjectNotFound, "Check the path; if the name contains [ or ], use -LiteralPath."),
            EditError.ImageUnreadable => (ErrorCategory.PermissionDenied, "Check the file's permissions, and that no other program holds it."),
            EditError.NotAnImage => (ErrorCategory.InvalidData, "Convert it to one of these, or leave it out."),
            EditError.ImageChanged => (ErrorCategory.ReadError, "Run the command again once the file is complete."),
            EditError.NotAFile => (ErrorCategory.InvalidType, string.Empty),
            EditError.SourceIsResult => (ErrorCategory.InvalidArgument, "To edit it nevertheless, name a -DestinationPath."),
            EditError.InvalidUri => (ErrorCategory.InvalidArgument, "Use an address such as https://example.com/poster.png, or -Path for a file."),
            EditError.InvalidRow => (ErrorCategory.InvalidData, "Correct it, and run the same command again; what is done is not done again."),
            EditError.InvalidAdditionalParameter => (ErrorCategory.InvalidArgument, string.Empty),
            EditError.DestinationExists => (ErrorCategory.ResourceExists, $"Use -Force to overwrite it, or another -DestinationPath. {receive}".TrimEnd()),
            EditError.DestinationCollision => (ErrorCategory.InvalidArgument, "Use a -DestinationPath script block that gives each its own name."),
            EditError.DestinationFormatMismatch => (ErrorCategory.InvalidArgument, string.Empty),
            EditError.DestinationUnwritable => (ErrorCategory.WriteError, $"Free space, mend the permissions, or choose another -DestinationPath. {receive}".TrimEnd()),
            EditError.InvalidEndpoint => (ErrorCategory.InvalidArgument, "Correct -Endpoint or -HistoryEndpoint, or the environment variable SEGMIND_ENDPOINT or SEGMIND_HISTORY_ENDPOINT."),
            EditError.ApiKeyMissing => (ErrorCategory.AuthenticationError, "Set the environment variable SEGMIND_API_KEY, or use -ApiKey or -ApiKeySecret."),
            EditError.ApiKeyRejected => (ErrorCategory.AuthenticationError, "Check the key in Segmind's console; it begins with SG_."),
            EditError.ModelForbidden => (ErrorCategory.PermissionDenied, "Ask Segmind or your team's owner to allow the model, or use another key."),
            EditError.ModelNotFound => (ErrorCategory.ObjectNotFound, "Check -Model and -Endpoint."),
            EditError.ModelRetired => (ErrorCategory.ResourceUnavailable, "Use another -Model."),
            EditError.InsufficientCredits => (ErrorCategory.QuotaExceeded, "Add credits in Segmind's console, and run the same command again."),
            EditError.SpendLimitReached => (ErrorCategory.QuotaExceeded, "Have the limit raised, and run the same command again."),
            EditError.CreditNotFound => (ErrorCategory.ObjectNotFound, "Check that the key is the right account's; credits are added in Segmind's console."),
            EditError.RequestRejected => (ErrorCategory.InvalidArgument, "Correct what the service names, and run the command again."),
            EditError.UploadFailed => (ErrorCategory.InvalidResult, "Use -Upload Inline, or put the image at an address of your own and use -Uri."),
            EditError.RateLimited => (ErrorCategory.LimitsExceeded, "Run the command again later, or with a lower -ThrottleLimit, a longer -TimeoutSec, or -RequestsPerMinute below the account's limit."),
            EditError.ServiceUnavailable => (ErrorCategory.ResourceUnavailable, "No job was made; run the command again later."),
            EditError.ConnectionFailed => (ErrorCategory.ConnectionError, "Check the network, -Endpoint and -Proxy, and run the command again. For proxies and certificates, see about_QwenEdit."),
            EditError.OutcomeUnknown => (ErrorCategory.InvalidResult, "It was not sent again. Run the command again later, or look in Segmind's request history: Receive-QwenEditResult -RequestId receives a job that is this edit's; if there is none, Invoke-QwenImageEdit or Submit-QwenImageEdit with -Resubmit Unknown sends it once more."),
            EditError.NoJobMade => (ErrorCategory.InvalidResult, "Run the command that asked for the edit again, which submits it."),
            EditError.JobFailed => (ErrorCategory.InvalidResult, "Change the prompt or the image if the service objects to them; otherwise run the command again."),
            EditError.JobNotFinished => (ErrorCategory.ResourceBusy, $"Use -Wait, or ask again later. {receive}".TrimEnd()),
            EditError.RecordExpired => (ErrorCategory.ObjectNotFound, "Check the request id. An expired job's output may still be found in Segmind's request history. Invoke-QwenImageEdit or Submit-QwenImageEdit with -Resubmit Expired pays for the edit once more."),
            EditError.TimedOut => (ErrorCategory.OperationTimeout, $"The job may still finish. {receive}".TrimEnd()),
            EditError.OutputInvalid => (ErrorCategory.InvalidData, receive),
            EditError.UnexpectedAnswer => (ErrorCategory.ProtocolError, $"Check -Endpoint and -Proxy. {receive}".TrimEnd()),
            EditError.JournalUnavailable => (ErrorCategory.WriteError, "Free space, or name another place with -JournalPath or QWENEDIT_JOURNAL, on a local disk."),
            EditError.JournalIncomplete => (ErrorCategory.WriteError, "Free space on the journal's disk, and run the same command again with the same journal. Don't use -Resubmit for these edits, which would pay for them again."),
            EditError.JournalBusy => (ErrorCategory.ResourceBusy, "Run the command again. If it stays locked, look for a program that holds it, such as an SQLite shell."),
            EditError.JournalDamaged => (ErrorCategory.InvalidData, "Move the file aside, or name another with -JournalPath. Without it, edits that were paid for are not recognised."),
            EditError.JournalNewer => (ErrorCategory.InvalidOperation, "Update QwenEdit, or name another journal with -JournalPath."),
            EditError.LogUnavailable => (ErrorCategory.WriteError, "Name a folder that can be written with -LogPath, or leave it out. Nothing was sent."),
            EditError.JobNotInJournal => (ErrorCategory.ObjectNotFound, "Get-QwenEditJob lists what the journal has."),
            EditError.JobUnfinished => (ErrorCategory.ResourceBusy, "Resume-QwenImageEdit receives it. Use -Force to forget it nevertheless."),
            EditError.EditBusy => (ErrorCategory.ResourceBusy, "Wait for it, and run the command again."),
            EditError.MaxCostReached => (ErrorCategory.LimitsExceeded, "Run the same command again to continue; it may spend up to -MaxCost again. What is done is not done again."),
            EditError.ConfirmAboveReached => (ErrorCategory.LimitsExceeded, "Run the same command again to go on, with a higher -ConfirmAbove, or with -Confirm:$false, which never asks; what is done is not done again."),
            EditError.MaxFailureReached => (ErrorCategory.LimitsExceeded, "Look into the errors, and run the same command again; what is done is not done again."),
            EditError.MaxDurationReached => (ErrorCategory.LimitsExceeded, "Run the same command again to go on; what is done is not done again."),
            EditError.TooManyJobs => (ErrorCategory.LimitsExceeded, "Receive some with Resume-QwenImageEdit, and run the same command again; or use -Force, or Invoke-QwenImageEdit, which receives as it submits."),
            EditError.RunTerminated => (ErrorCategory.OperationStopped, "Run the same command again; Resume-QwenImageEdit receives what was submitted."),
            EditError.RunNotInJournal => (ErrorCategory.ObjectNotFound, "Get-QwenEditRun without parameters lists what the journal has."),
            EditError.SubmissionStopped => (ErrorCategory.OperationStopped, "Fix the problem, and run the same command again."),
            _ => (ErrorCategory.NotSpecified, string.Empty),
        };
    }
}
