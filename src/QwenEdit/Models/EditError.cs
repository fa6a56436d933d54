namespace QwenEdit;

// about_QwenEdit_Errors is written from the comments here and the rows of EditErrorCatalog.

/// <summary>
/// What went wrong, by name. The name is the first part of <c>FullyQualifiedErrorId</c>.
/// </summary>
public enum EditError
{
    /// <summary>There is no file at this path, or no file matches this wildcard pattern.</summary>
    ImageNotFound,

    /// <summary>The file can't be read, because you don't have permission or another program has locked it.</summary>
    ImageUnreadable,

    /// <summary>The file is not a PNG, JPEG, WebP, GIF, BMP or TIFF image. The first bytes of the file decide this, not its name.</summary>
    NotAnImage,

    /// <summary>The file changed while it was being sent. The request was stopped, and there is no job.</summary>
    ImageChanged,

    /// <summary>The path is not the path of a file, but of a folder, a device, a registry key or a certificate, for example.</summary>
    NotAFile,

    /// <summary>The image that you specified is itself the result of an edit of a file in the same folder.</summary>
    /// <remarks>
    /// Among the images of a wildcard or of the pipeline, such results are left out without an error: <c>-Verbose</c> lists them, and
    /// <c>LeftOut</c> of the run has their number. A <c>-DestinationPath</c> keeps results and source images apart.
    /// </remarks>
    SourceIsResult,

    /// <summary>The address of a remote image is not an absolute http or https URL.</summary>
    InvalidUri,

    /// <summary>A row of the pipeline has no image or no prompt, or a value that can't be used, such as 99 steps.</summary>
    /// <remarks>
    /// The message has the number of the row, its image and what is wrong. The other rows continue, and the exit code of the run is not 0.
    /// </remarks>
    InvalidRow,

    /// <summary>A value of <c>-AdditionalParameter</c> can't be sent, or another parameter sets the same field.</summary>
    InvalidAdditionalParameter,

    /// <summary>There is a file at the destination that is not a result of this edit.</summary>
    DestinationExists,

    /// <summary>Two images of one call would be written to the same file. Neither is sent.</summary>
    /// <remarks>For example: <c>-DestinationPath { "edited/$($_.Directory.Name)-$($_.Name)" }</c>.</remarks>
    DestinationCollision,

    /// <summary>The extension of the destination does not match <c>-ImageFormat</c>.</summary>
    DestinationFormatMismatch,

    /// <summary>
    /// The destination can't be written: the disk is full, you don't have permission, or there is a file where the folder should be.
    /// </summary>
    /// <remarks>
    /// The module tests a folder before it sends the first image for it. If a disk becomes full later, images have been paid for. The same command
    /// receives them.
    /// </remarks>
    DestinationUnwritable,

    /// <summary>The key may not be sent to the endpoint. It must be an https URL, or an http URL of this computer.</summary>
    InvalidEndpoint,

    /// <summary>There is no API key, or the service did not see one.</summary>
    ApiKeyMissing,

    /// <summary>The service does not accept the key, because it is wrong or expired (401). Malformed keys are rejected locally.</summary>
    ApiKeyRejected,

    /// <summary>The account may not use this model (403).</summary>
    ModelForbidden,

    /// <summary>The service has no model of this name (404).</summary>
    ModelNotFound,

    /// <summary>The service no longer offers the model (410).</summary>
    ModelRetired,

    /// <summary>The balance of the account does not cover the edit (402 or 406).</summary>
    InsufficientCredits,

    /// <summary>The team has reached its spend limit (406).</summary>
    SpendLimitReached,

    /// <summary>The service has no record of the account's credits (404).</summary>
    CreditNotFound,

    /// <summary>The service refused the request before it created a job.</summary>
    RequestRejected,

    /// <summary>With <c>-Upload Storage</c>, the storage refused the image or returned no address for it. The edit was not submitted.</summary>
    UploadFailed,

    /// <summary>The rate limit left no room for the request until the time was up (429).</summary>
    RateLimited,

    /// <summary>The service returned a server error (5xx) each time that it was asked. No job was created.</summary>
    ServiceUnavailable,

    /// <summary>The service could not be reached because of name resolution, the connection, TLS or a proxy.</summary>
    /// <remarks>
    /// The message says which: for example, an unknown host name, a certificate that is not trusted, or a proxy that wants a user name (407).
    /// </remarks>
    ConnectionFailed,

    /// <summary>
    /// The request was sent, and no response came back. There may be a job, and it may have been billed. The request is not sent again automatically.
    /// </summary>
    /// <remarks>
    /// With <c>-Transport Sync</c>, this is also the error for a job that took longer than <c>-TimeoutSec</c>. The same command looks for the job in
    /// the account's request history. If the history does not show it yet, run the command again two and a half hours later. For edits that remain
    /// unknown, see about_QwenEdit_Journal.
    /// </remarks>
    OutcomeUnknown,

    /// <summary>No response came to the request, and the account's request history shows that there is no job.</summary>
    NoJobMade,

    /// <summary>The job ran and failed (422). Often the reason is the content of the prompt or of the image.</summary>
    JobFailed,

    /// <summary>The job is still queued or running.</summary>
    JobNotFinished,

    /// <summary>The service has no record of the request id: the job is older than one hour, or it never existed (404).</summary>
    /// <remarks>For an edit of the journal, the same command looks for the job in the request history.</remarks>
    RecordExpired,

    /// <summary>The job did not finish within <c>-TimeoutSec</c>.</summary>
    TimedOut,

    /// <summary>The output can't be downloaded, is incomplete, or is not an image.</summary>
    /// <remarks>
    /// A PNG, JPEG or WebP image is complete when its own structure ends. For another format, the response must state the length.
    /// </remarks>
    OutputInvalid,

    /// <summary>The response is not one that the service documents. Often it comes from a proxy.</summary>
    UnexpectedAnswer,

    /// <summary>The journal can't be opened or written: the disk is full, you don't have permission, or it is on a network share.</summary>
    JournalUnavailable,

    /// <summary>The journal could not record what happened to edits that were sent, because its disk is full, for example.</summary>
    /// <remarks>
    /// The message names their images and request ids. Results that were received are complete.
    /// </remarks>
    JournalIncomplete,

    /// <summary>Other processes kept the journal locked for a minute. The edit was not sent.</summary>
    JournalBusy,

    /// <summary>The file of the journal is damaged, it is not a journal, or a pre-release of QwenEdit wrote it.</summary>
    JournalDamaged,

    /// <summary>A newer version of this module has written the journal.</summary>
    JournalNewer,

    /// <summary>The path of <c>-LogPath</c> is not a folder, or no log can be written in it. Nothing was sent.</summary>
    LogUnavailable,

    /// <summary>The journal does not have the edit.</summary>
    JobNotInJournal,

    /// <summary>The edit has a job that was not received, or an unknown outcome. It was not removed.</summary>
    JobUnfinished,

    /// <summary>Another process, or another call in this process, is working on the same edit.</summary>
    EditBusy,

    /// <summary>
    /// Submitting stopped because of an error that would affect every further edit: the key, the model or the credits. The message has the cause and
    /// the number of images that were not submitted.
    /// </summary>
    SubmissionStopped,

    /// <summary>The next edit could cost more than is left of <c>-MaxCost</c>, or more than <c>-MaxCost</c> itself.</summary>
    MaxCostReached,

    /// <summary>The next edit could take the cost above <c>-ConfirmAbove</c>, and the answer was No.</summary>
    /// <remarks>
    /// Or nobody could be asked, as with <c>pwsh -NonInteractive</c> and in a scheduled task.
    /// </remarks>
    ConfirmAboveReached,

    /// <summary>As many edits as <c>-MaxFailure</c> allows ended without an image.</summary>
    MaxFailureReached,

    /// <summary>The time of <c>-MaxDuration</c> is over.</summary>
    MaxDurationReached,

    /// <summary>There would be more submitted jobs than can be received within the hour in which the service keeps their records.</summary>
    TooManyJobs,

    /// <summary>The system asked the process to end (SIGTERM, SIGHUP or a shutdown), and the run stopped.</summary>
    RunTerminated,

    /// <summary>The journal does not have the run.</summary>
    RunNotInJournal,

    /// <summary>There is a defect in this module. The same command pays for nothing twice.</summary>
    UnexpectedError,
}
