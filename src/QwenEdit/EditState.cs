namespace QwenEdit;

/// <summary>Where the service stands with a job.</summary>
public enum EditState
{
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
}
