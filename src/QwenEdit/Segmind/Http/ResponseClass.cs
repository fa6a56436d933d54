namespace QwenEdit.Segmind.Http;

/// <summary>What an answer, or the lack of one, means for what the client does next.</summary>
internal enum ResponseClass
{
    /// <summary>The answer is the one that was asked for.</summary>
    Accept,

    /// <summary>This edit is refused; no job was made. The next one may do better.</summary>
    Reject,

    /// <summary>Refused, and every further edit would be: stop submitting.</summary>
    StopBatch,

    /// <summary>No job was made, and it may pass: repeat, a few times.</summary>
    Repeat,

    /// <summary>The rate limit: wait for its reset, then repeat. Costs no try.</summary>
    WaitForReset,

    /// <summary>A job may or may not have been made: never repeat.</summary>
    Unknown,

    /// <summary>The job ran and failed.</summary>
    JobFailed,

    /// <summary>There is no record of the job (any more).</summary>
    RecordExpired,
}
