namespace QwenEdit;

/// <summary>The state of an edit, as the service reports it or the journal records it.</summary>
public enum EditState
{
    /// <summary>Recorded but not submitted. There is no job.</summary>
    Prepared,

    /// <summary>Being sent.</summary>
    Submitting,

    /// <summary>Sent, and no response came back. There may be a job, and it may have been billed.</summary>
    Unknown,

    /// <summary>Refused before there was a job. Not billed.</summary>
    Rejected,

    /// <summary>Accepted, and waiting for a worker (<c>QUEUED</c>).</summary>
    Queued,

    /// <summary>Running (<c>PROCESSING</c>, and every state that this version does not know).</summary>
    Processing,

    /// <summary>Done and billed. The output can be received (<c>COMPLETED</c>).</summary>
    Completed,

    /// <summary>The complete image is in a temporary file and is about to be renamed to its destination. Only the journal has this state.</summary>
    Writing,

    /// <summary>Failed while it was running. Not billed (<c>FAILED</c>).</summary>
    Failed,

    /// <summary>
    /// The service has no record of the request id. It deletes records one hour after the submission, and gives the same response for an id that
    /// never existed.
    /// </summary>
    Expired,

    /// <summary>The complete edited image was written to its destination.</summary>
    Received,
}
