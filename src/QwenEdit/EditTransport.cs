namespace QwenEdit;

/// <summary>How an edit is sent, and how its image comes back.</summary>
public enum EditTransport
{
    /// <summary>A job is submitted, asked for, and its image downloaded (the service's v2). Whatever breaks, the job can still be received.</summary>
    Async,

    /// <summary>
    /// One request, whose answer is the image (the service's v1): quicker for a single quick edit. Where the connection breaks before the answer
    /// begins, nobody knows whether there is a job.
    /// </summary>
    Sync,
}
