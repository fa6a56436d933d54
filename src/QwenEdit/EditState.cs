namespace QwenEdit;

/// <summary>How far an edit has come, by the service's word or by the journal's.</summary>
public enum EditState
{
    /// <summary>In the journal, and not sent: no job was made.</summary>
    Prepared,

    /// <summary>Being sent.</summary>
    Submitting,

    /// <summary>Sent, and no answer came back: there may be a job, and it may be billed.</summary>
    Unknown,

    /// <summary>Refused before a job was made; not billed.</summary>
    Rejected,

    /// <summary>Accepted, and waiting for a worker (<c>QUEUED</c>).</summary>
    Queued,

    /// <summary>Being worked on (<c>PROCESSING</c>, and every state that this version does not know).</summary>
    Processing,

    /// <summary>Done and billed; the output can be received (<c>COMPLETED</c>).</summary>
    Completed,

    /// <summary>Ran and failed; not billed (<c>FAILED</c>).</summary>
    Failed,

    /// <summary>
    /// The service has no record of the request id (any more): records live one hour after submission, and an id that never
    /// existed is answered alike.
    /// </summary>
    Expired,

    /// <summary>The edited image was written to its destination, whole.</summary>
    Received,
}
