namespace QwenEdit.Segmind.Http;

/// <summary>The kinds of requests.</summary>
internal enum ApiOperation
{
    /// <summary><c>POST /v2/{model}</c>: each accepted request creates a new job, which is billed separately.</summary>
    Submit,

    /// <summary>
    /// <c>POST /v1/{model}</c>, a submission whose response is the image. The rows of <see cref="Submit"/> apply to it too, unless it has its own.
    /// </summary>
    Sync,

    /// <summary>A GET about a job or about the account. A retry is always safe.</summary>
    Job,

    /// <summary><c>POST /upload-asset</c>, on its own host. It costs nothing, and a retry is safe.</summary>
    Upload,

    /// <summary>A GET of the account's request history, on its own host. Everything else works without it.</summary>
    History,
}

/// <summary>A request, which may be sent several times.</summary>
/// <param name="Operation">The kind of request.</param>
/// <param name="Create">Creates the message; called once for each try.</param>
/// <param name="Deadline">The latest time for a retry to begin, and the time limit of a request other than a submission.</param>
internal sealed record ApiRequest(ApiOperation Operation, Func<HttpRequestMessage> Create, Deadline Deadline)
{
    /// <summary>
    /// Called when a try provably had no effect: the response allows a retry, or the request was cancelled before its body was read.
    /// </summary>
    internal Action NoEffect { get; init; } = () => { };

    /// <summary>
    /// Cancels waiting for the rate limiter or for the next try, while no request is under way; <see langword="null"/> if the token that cancels a
    /// request does that too.
    /// </summary>
    internal CancellationToken? Stopped { get; init; }

    /// <summary>
    /// Receives each successful response and may read its body as it arrives; returns whether it did. Its own exceptions pass through.
    /// </summary>
    internal Func<HttpResponseMessage, CancellationToken, Task<bool>>? Take { get; init; }
}
