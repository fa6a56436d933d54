namespace QwenEdit.Segmind.Http;

/// <summary>What a response, or a missing response, means for the client's next step.</summary>
internal enum ResponseClass
{
    /// <summary>The expected response.</summary>
    Accept,

    /// <summary>The service rejects this edit, and created no job. Other edits may succeed.</summary>
    Reject,

    /// <summary>The service rejects this edit and would reject every other one: stop submitting.</summary>
    StopBatch,

    /// <summary>No job was created, and the error may be temporary: retry a few times.</summary>
    Repeat,

    /// <summary>The rate limit: wait for its reset, then retry. Does not count as a try.</summary>
    WaitForReset,

    /// <summary>It is unknown whether a job was created: never retry.</summary>
    Unknown,

    /// <summary>The job ran and failed.</summary>
    JobFailed,

    /// <summary>The service, or its request history, has no record of the job, or no longer has one.</summary>
    RecordExpired,
}
