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
    /// Given up for now: not finished in time, or finished but not fetched or written. The job may be billed, and
    /// <c>Receive-QwenEditResult</c> can still receive it, for an hour after its submission.
    /// </summary>
    TimedOut,

    /// <summary>Another living process works on the same edit.</summary>
    Busy,
}
