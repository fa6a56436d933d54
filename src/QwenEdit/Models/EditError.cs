namespace QwenEdit;

/// <summary>
/// What went wrong, by name. The name is the first part of <c>FullyQualifiedErrorId</c>.
/// </summary>
public enum EditError
{
    /// <summary>No file is at that path, or no file matches that wildcard.</summary>
    ImageNotFound,

    /// <summary>The file can't be read: no permission, or another program holds it.</summary>
    ImageUnreadable,

    /// <summary>The file's first bytes are of no PNG, JPEG, WebP, GIF, BMP or TIFF image.</summary>
    NotAnImage,

    /// <summary>The file changed while it was being sent; the request was broken off and made no job.</summary>
    ImageChanged,

    /// <summary>The path does not lead to a file: a folder, a pipe, a device, a socket, the registry, a certificate.</summary>
    NotAFile,

    /// <summary>
    /// The image that was named is itself the result of an edit of a file beside it. Among images of a wildcard or of the pipeline, such results are
    /// left out without an error.
    /// </summary>
    SourceIsResult,

    /// <summary>The address of a remote image is not an absolute http or https URL.</summary>
    InvalidUri,

    /// <summary>A row of the pipeline has no image or no prompt, or a value that can't be used.</summary>
    InvalidRow,

    /// <summary>A value of <c>-AdditionalParameter</c> can't be sent.</summary>
    InvalidAdditionalParameter,

    /// <summary>A file is already at the destination.</summary>
    DestinationExists,

    /// <summary>Two images of one call would write one file.</summary>
    DestinationCollision,

    /// <summary>The destination's extension names another format than <c>-ImageFormat</c>.</summary>
    DestinationFormatMismatch,

    /// <summary>The destination can't be written to.</summary>
    DestinationUnwritable,

    /// <summary>The endpoint is no URL that a key may be sent to.</summary>
    InvalidEndpoint,

    /// <summary>No API key was given, or the service saw none.</summary>
    ApiKeyMissing,

    /// <summary>The service does not accept the key: wrong, or expired (401).</summary>
    ApiKeyRejected,

    /// <summary>The account may not call this model (403).</summary>
    ModelForbidden,

    /// <summary>The service has no such model (404).</summary>
    ModelNotFound,

    /// <summary>The model is retired (410).</summary>
    ModelRetired,

    /// <summary>The account's balance does not cover the edit (402 or 406).</summary>
    InsufficientCredits,

    /// <summary>The team's spend limit is reached (406).</summary>
    SpendLimitReached,

    /// <summary>The service has no record of the account's credits (404).</summary>
    CreditNotFound,

    /// <summary>The service refused the request before it made a job.</summary>
    RequestRejected,

    /// <summary>The storage refused the image, or gave no address for it; no job was made.</summary>
    UploadFailed,

    /// <summary>The rate limit left no room until the time was up (429).</summary>
    RateLimited,

    /// <summary>The service returned a server error (5xx) on each try.</summary>
    ServiceUnavailable,

    /// <summary>The service could not be reached: name resolution, connection, TLS or proxy.</summary>
    ConnectionFailed,

    /// <summary>The request went out and no answer came back: there may be a job, and it may be billed.</summary>
    OutcomeUnknown,

    /// <summary>No answer came to the request, and the account's request history shows that it made no job.</summary>
    NoJobMade,

    /// <summary>The job ran and failed; it is not billed (422).</summary>
    JobFailed,

    /// <summary>The job is still queued or running.</summary>
    JobNotFinished,

    /// <summary>The service has no record of the request id: it is older than one hour, or never was (404).</summary>
    RecordExpired,

    /// <summary>The job was not finished in time; it may still be received.</summary>
    TimedOut,

    /// <summary>
    /// The output can't be downloaded, is cut short, or is not an image. A PNG, JPEG or WebP image is whole when its own structure ends; of another
    /// format, the answer must announce the length.
    /// </summary>
    OutputInvalid,

    /// <summary>The service answered something that is not in its documentation.</summary>
    UnexpectedAnswer,

    /// <summary>The journal can't be opened or written: a full disk, no permission, a network share.</summary>
    JournalUnavailable,

    /// <summary>The journal could not record what happened to edits that were sent, until the call ended: they may be paid for.</summary>
    JournalIncomplete,

    /// <summary>Other processes kept the journal locked; the edit was not sent.</summary>
    JournalBusy,

    /// <summary>The journal's file is damaged, or is none.</summary>
    JournalDamaged,

    /// <summary>The journal was written by a newer version of this module.</summary>
    JournalNewer,

    /// <summary><c>-LogPath</c> is no folder that a log can be written in.</summary>
    LogUnavailable,

    /// <summary>The journal does not have the edit.</summary>
    JobNotInJournal,

    /// <summary>The edit has a job that is still to be received, or an outcome to be settled, and is not forgotten without force.</summary>
    JobUnfinished,

    /// <summary>Another living process, or another call in this one, works on the same edit.</summary>
    EditBusy,

    /// <summary>Submitting was stopped by an answer that would have met every further edit.</summary>
    SubmissionStopped,

    /// <summary><c>-MaxCost</c> is reached: another edit could cost more than is left of it.</summary>
    MaxCostReached,

    /// <summary>Another edit could take the cost past <c>-ConfirmAbove</c>, and the user did not consent or could not be asked.</summary>
    ConfirmAboveReached,

    /// <summary><c>-MaxFailure</c> is reached: so many edits have ended without an image.</summary>
    MaxFailureReached,

    /// <summary><c>-MaxDuration</c> is over.</summary>
    MaxDurationReached,

    /// <summary>More jobs than can be received within the hour in which the service knows them.</summary>
    TooManyJobs,

    /// <summary>The system asked the process to end (SIGTERM, SIGHUP), and the run left.</summary>
    RunTerminated,

    /// <summary>The journal does not have the run.</summary>
    RunNotInJournal,

    /// <summary>A defect of this module.</summary>
    UnexpectedError,
}
