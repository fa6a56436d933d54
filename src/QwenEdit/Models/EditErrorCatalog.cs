using static QwenEdit.Billing;
using static QwenEdit.EditOutcome;
using static QwenEdit.EditRunStop;

namespace QwenEdit;

/// <summary>
/// All errors, one row each. Error records, results, exit codes, the stop of submitting and about_QwenEdit_Errors are read from it.
/// </summary>
internal static class EditErrorCatalog
{
    /// <summary>The exit code of a run that reached a limit of the user.</summary>
    internal const int LimitReached = 8;

    /// <summary>The rows, in the sections of about_QwenEdit_Errors.</summary>
    /// <remarks>
    /// The columns are: error, category, stop of submitting, status without a job, status with a job, exit code, billing, next step.
    /// </remarks>
    internal static IReadOnlyList<EditErrorGroup> Groups { get; } =
    [
        new("The image",
        [
            new(EditError.ImageNotFound, "ObjectNotFound", GoOn, Failed, NotReceived, 1, NotBilled, "Check the path; if the name contains [ or ], use -LiteralPath."),
            new(EditError.ImageUnreadable, "PermissionDenied", GoOn, Failed, NotReceived, 1, NotBilled, "Check the file's permissions, and that no other program has it open."),
            new(EditError.NotAnImage, "InvalidData", GoOn, Failed, NotReceived, 1, NotBilled, "Convert it to one of these formats, or leave it out."),
            new(EditError.ImageChanged, "ReadError", GoOn, Failed, NotReceived, 5, NotBilled, "Run the command again once the file is complete."),
            new(EditError.NotAFile, "InvalidType", GoOn, Failed, NotReceived, 1, NotBilled, "Use the path of a file; folder/*.png names the images of a folder."),
            new(EditError.SourceIsResult, "InvalidArgument", GoOn, Failed, NotReceived, 1, NotBilled, "To edit it anyway, use -DestinationPath."),
            new(EditError.InvalidUri, "InvalidArgument", GoOn, Failed, NotReceived, 1, NotBilled, "Use an address such as https://example.com/poster.png, or -Path for a file."),
            new(EditError.InvalidRow, "InvalidData", GoOn, Failed, NotReceived, 1, NotBilled, "Correct the row, and run the same command again. Finished edits are skipped."),
            new(EditError.InvalidAdditionalParameter, "InvalidArgument", GoOn, Failed, NotReceived, 1, NotBilled, "Correct this field, and run the command again."),
        ]),
        new("The destination",
        [
            new(EditError.DestinationExists, "ResourceExists", GoOn, NoResult, NotReceived, 1, NotBilled, "Use -Force to overwrite it, or another -DestinationPath. {receive}"),
            new(EditError.DestinationCollision, "InvalidArgument", GoOn, NoResult, NotReceived, 1, NotBilled, "Use a -DestinationPath script block that gives each its own name."),
            new(EditError.DestinationFormatMismatch, "InvalidArgument", GoOn, Failed, NotReceived, 1, NotBilled, "Change -ImageFormat or the extension."),
            new(EditError.DestinationUnwritable, "WriteError", WhenDiskIsFull(Disk), NoResult, NotReceived, 12, NotBilled, "Free space, correct the permissions, or choose another -DestinationPath. {receive}"),
        ]),
        new("The key and the address of the service",
        [
            new(EditError.ApiKeyMissing, "AuthenticationError", AtOnce(Authorization), Failed, NotReceived, 7, NotBilled, "Set the environment variable SEGMIND_API_KEY, or use -ApiKey or -ApiKeySecret."),
            new(EditError.ApiKeyRejected, "AuthenticationError", AtOnce(Authorization), Failed, NotReceived, 7, NotBilled, "Check the key in Segmind's console; it begins with SG_."),
            new(EditError.InvalidEndpoint, "InvalidArgument", GoOn, Failed, NotReceived, 1, NotBilled, "Correct -Endpoint or -HistoryEndpoint, or the environment variable SEGMIND_ENDPOINT or SEGMIND_HISTORY_ENDPOINT."),
        ]),
        new("The account",
        [
            new(EditError.ModelForbidden, "PermissionDenied", AtOnce(Authorization), Failed, NotReceived, 7, NotBilled, "Ask Segmind or your team's owner to allow the model, or use another key."),
            new(EditError.ModelNotFound, "ObjectNotFound", AtOnce(Model), Failed, NotReceived, 7, NotBilled, "Check -Model and -Endpoint."),
            new(EditError.ModelRetired, "ResourceUnavailable", AtOnce(Model), Failed, NotReceived, 7, NotBilled, "Use another -Model."),
            new(EditError.InsufficientCredits, "QuotaExceeded", AtOnce(Credits), Failed, NotReceived, 7, NotBilled, "Add credits in Segmind's console, and run the same command again."),
            new(EditError.SpendLimitReached, "QuotaExceeded", AtOnce(Credits), Failed, NotReceived, 7, NotBilled, "Ask the owner of the team to raise the limit, and run the same command again."),
            new(EditError.CreditNotFound, "ObjectNotFound", GoOn, Failed, NotReceived, 1, NotBilled, "Check that the key is the right account's; credits are added in Segmind's console."),
        ]),
        new("The request",
        [
            new(EditError.RequestRejected, "InvalidArgument", GoOn, Failed, NotReceived, 1, NotBilled, "Correct what the service names, and run the command again."),
            new(EditError.UploadFailed, "InvalidResult", GoOn, Failed, NotReceived, 1, NotBilled, "Use -Upload Inline, or put the image at an address of your own and use -Uri."),
            new(EditError.RateLimited, "LimitsExceeded", WhenRepeated(Service), Failed, TimedOut, 5, NotBilled, "Run the command again later, or with a lower -ThrottleLimit, a longer -TimeoutSec, or -RequestsPerMinute below the account's limit."),
            new(EditError.ServiceUnavailable, "ResourceUnavailable", WhenRepeated(Service), Failed, NotReceived, 5, NotBilled, "No job was created. Run the command again later."),
            new(EditError.ConnectionFailed, "ConnectionError", WhenRepeated(Service), Failed, NotReceived, 5, NotBilled, "Check the network, -Endpoint and -Proxy, and run the command again. For proxies and certificates, see about_QwenEdit."),
            new(EditError.UnexpectedAnswer, "ProtocolError", GoOn, Failed, NotReceived, 1, NotBilled, "Check -Endpoint and -Proxy. {receive}"),
            new(EditError.OutcomeUnknown, "InvalidResult", GoOn, Unknown, Unknown, 20, MayBeBilled, "It was not sent again. Run the command again later, or look in Segmind's request history. If this edit has a job there, Receive-QwenEditResult -RequestId receives it. If it has none, Invoke-QwenImageEdit or Submit-QwenImageEdit with -Resubmit Unknown submits it again."),
            new(EditError.NoJobMade, "InvalidResult", GoOn, Failed, Failed, 1, NotBilled, "Run the command that asked for the edit again, which submits it."),
        ]),
        new("The job",
        [
            new(EditError.JobFailed, "InvalidResult", GoOn, Failed, Failed, 1, NotBilled, "Change the prompt or the image if the service rejects them. Otherwise, run the command again."),
            new(EditError.JobNotFinished, "ResourceBusy", GoOn, Failed, TimedOut, 5, MayBeBilled, "Use -Wait, or ask again later. {receive}"),
            new(EditError.TimedOut, "OperationTimeout", GoOn, Failed, TimedOut, 5, MayBeBilled, "The job may still finish. {receive}"),
            new(EditError.RecordExpired, "ObjectNotFound", GoOn, Expired, Expired, 1, MayBeBilled, "Check the request id. An expired job's output may still be found in Segmind's request history. Invoke-QwenImageEdit or Submit-QwenImageEdit with -Resubmit Expired submits the edit again, and it is paid for again."),
            new(EditError.OutputInvalid, "InvalidData", GoOn, Failed, NotReceived, 5, Billed, "Run the same command again. {receive}"),
            new(EditError.EditBusy, "ResourceBusy", GoOn, Busy, Busy, 11, MayBeBilled, "Wait for it, and run the command again."),
        ]),
        new("The run",
        [
            new(EditError.SubmissionStopped, "OperationStopped", GoOn, NoResult, NotReceived, null, NotBilled, "Fix the problem, and run the same command again."),
            new(EditError.MaxCostReached, "LimitsExceeded", AtOnce(MaxCost), Failed, NotReceived, LimitReached, NotBilled, "Run the same command again to continue. It may spend up to -MaxCost again. Finished edits are skipped."),
            new(EditError.ConfirmAboveReached, "LimitsExceeded", AtOnce(ConfirmAbove), Failed, NotReceived, LimitReached, NotBilled, "Run the same command again to continue, with a higher -ConfirmAbove, or with -Confirm:$false, which never asks. Finished edits are skipped."),
            new(EditError.MaxFailureReached, "LimitsExceeded", AtOnce(MaxFailure), Failed, NotReceived, LimitReached, NotBilled, "Check the errors, and run the same command again. Finished edits are skipped."),
            new(EditError.MaxDurationReached, "LimitsExceeded", AtOnce(MaxDuration), Failed, NotReceived, LimitReached, NotBilled, "Run the same command again to continue. Finished edits are skipped."),
            new(EditError.TooManyJobs, "LimitsExceeded", AtOnce(Expiry), Failed, NotReceived, LimitReached, NotBilled, "Receive some with Resume-QwenImageEdit, and run the same command again. Or use -Force, or Invoke-QwenImageEdit, which receives each image that it submits."),
            new(EditError.RunTerminated, "OperationStopped", AtOnce(Cancelled), Failed, NotReceived, 5, MayBeBilled, "Run the same command again. Resume-QwenImageEdit receives the submitted jobs."),
        ]),
        new("The journal and the log",
        [
            new(EditError.JournalUnavailable, "WriteError", AtOnce(Disk), Failed, NotReceived, 12, NotBilled, "Free space, or name another place with -JournalPath or QWENEDIT_JOURNAL, on a local disk."),
            new(EditError.JournalIncomplete, "WriteError", AtOnce(Disk), Failed, NotReceived, 12, MayBeBilled, "Free space on the journal's disk, and run the same command again with the same journal. Don't use -Resubmit for these edits, which would pay for them again."),
            new(EditError.JournalBusy, "ResourceBusy", GoOn, Failed, NotReceived, 5, NotBilled, "Run the command again. If it stays locked, look for a program that has it open, such as an SQLite shell."),
            new(EditError.JournalDamaged, "InvalidData", AtOnce(Disk), Failed, NotReceived, 12, NotBilled, "Move the file aside, or name another with -JournalPath. Without it, edits that were paid for are not recognised."),
            new(EditError.JournalNewer, "InvalidOperation", AtOnce(Disk), Failed, NotReceived, 12, NotBilled, "Update QwenEdit, or name another journal with -JournalPath."),
            new(EditError.LogUnavailable, "WriteError", AtOnce(Disk), Failed, NotReceived, 12, NotBilled, "Name a folder that can be written with -LogPath, or leave it out. Nothing was sent."),
            new(EditError.JobNotInJournal, "ObjectNotFound", GoOn, Failed, NotReceived, 1, NotBilled, "Get-QwenEditJob lists what the journal has."),
            new(EditError.JobUnfinished, "ResourceBusy", GoOn, Failed, NotReceived, 1, MayBeBilled, "Resume-QwenImageEdit receives it. Use -Force to remove it anyway."),
            new(EditError.RunNotInJournal, "ObjectNotFound", GoOn, Failed, NotReceived, 1, NotBilled, "Get-QwenEditRun without parameters lists what the journal has."),
        ]),
        new("The module",
        [
            new(EditError.UnexpectedError, "NotSpecified", GoOn, Failed, NotReceived, 1, MayBeBilled, "This is a defect of QwenEdit. Report it with the stack trace of the exception."),
        ]),
    ];

    private static readonly Dictionary<EditError, EditErrorInfo> ByError = Groups.SelectMany(group => group.Errors).ToDictionary(row => row.Error);

    /// <summary>All rows.</summary>
    internal static IReadOnlyCollection<EditErrorInfo> All => ByError.Values;

    /// <summary>Returns the row of an error.</summary>
    internal static EditErrorInfo Of(EditError error) => ByError[error];

    // The words of the columns that an enumeration does not have.
    private static SubmissionStop? GoOn => null;

    private static EditOutcome? NoResult => null;

    private static SubmissionStop AtOnce(EditRunStop reason) => new(reason, StopCondition.AtOnce);

    private static SubmissionStop WhenRepeated(EditRunStop reason) => new(reason, StopCondition.WhenRepeated);

    private static SubmissionStop WhenDiskIsFull(EditRunStop reason) => new(reason, StopCondition.WhenDiskIsFull);
}
