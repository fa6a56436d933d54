namespace QwenEdit;

/// <summary>What became of one edit.</summary>
public enum EditOutcome
{
    /// <summary>The edited image is at its destination, whole.</summary>
    Received,

    /// <summary>The edited image was there already, from an earlier run; nothing was sent.</summary>
    Skipped,

    /// <summary>The edited image is at its destination, from a job that an earlier run had submitted; nothing was submitted.</summary>
    Resumed,

    /// <summary>Refused, or run and failed. Not billed; the same command may be run again.</summary>
    Failed,

    /// <summary>
    /// The request went out and no answer came back: there may be a job, and it may be billed. It was not sent again.
    /// </summary>
    Unknown,

    /// <summary>The service keeps a job's record for one hour, and that hour is over.</summary>
    Expired,

    /// <summary>
    /// Given up for now: not finished in time. The job may be billed, and <c>Receive-QwenEditResult</c> can still receive it, for an hour after its
    /// submission.
    /// </summary>
    TimedOut,

    /// <summary>
    /// The job was submitted, and its image could not be fetched or written: <c>Error</c> says why, such as a full disk, another file at the
    /// destination, or a response that is not the image. The job may be billed, and the same command can still receive it.
    /// </summary>
    NotReceived,

    /// <summary>Another living process works on the same edit.</summary>
    Busy,
}
