namespace QwenEdit;

/// <summary>How an edit is sent, and how its image comes back.</summary>
public enum EditTransport
{
    /// <summary>
    /// Submits a job, asks for its status and downloads its image (v2 of the service). If anything fails, the job can still be received.
    /// </summary>
    Async,

    /// <summary>
    /// Sends one request, and its response is the image (v1 of the service). It is quicker for a single short edit. If the connection breaks before
    /// the response begins, it is unknown whether there is a job.
    /// </summary>
    Sync,
}
