namespace QwenEdit;

/// <summary>The outcome of one edit.</summary>
public enum EditOutcome
{
    /// <summary>The complete edited image is at its destination.</summary>
    Received,

    /// <summary>The edited image is at its destination from an earlier run. Nothing was sent.</summary>
    Skipped,

    /// <summary>The edited image is at its destination, from a job that an earlier run submitted. Nothing was submitted.</summary>
    Resumed,

    /// <summary>The service refused the edit, or the job failed. Not billed. The same command may be run again.</summary>
    Failed,

    /// <summary>
    /// The request was sent, and no response came back. There may be a job, and it may have been billed. The request was not sent again.
    /// </summary>
    Unknown,

    /// <summary>The service no longer has the record of the job, which it keeps for one hour.</summary>
    Expired,

    /// <summary>
    /// The job did not finish in time. It may be billed, and <c>Receive-QwenEditResult</c> can still receive it, for an hour after its
    /// submission.
    /// </summary>
    TimedOut,

    /// <summary>
    /// The job was submitted, and its image could not be fetched or written: <c>Error</c> says why, such as a full disk, another file at the
    /// destination, or a response that is not the image. The job may be billed, and the same command can still receive it.
    /// </summary>
    NotReceived,

    /// <summary>Another process is working on the same edit.</summary>
    Busy,
}
