using System.Net;
using System.Net.Http.Headers;
using QwenEdit.Commands.Parameters;

namespace QwenEdit.Segmind.Http;

/// <summary>How a request failed that got no HTTP response.</summary>
internal enum TransportFailure
{
    /// <summary>There is an HTTP response.</summary>
    Not,

    /// <summary>The body was not read, so nothing was sent that could create a job.</summary>
    BeforeSending,

    /// <summary>The image could not be read to its end, so the body is incomplete and can't have created a job.</summary>
    BySource,

    /// <summary>A timeout or a reset at a time when the service may have received the whole request.</summary>
    Open,

    /// <summary>The response arrived and was too large to read.</summary>
    TooLarge,
}

/// <summary>The outcome of one request: an HTTP response, or how the request failed.</summary>
internal sealed record ApiResponse
{
    /// <summary>The verb and the URL of the request, for messages. They contain no secret.</summary>
    internal required string Request { get; init; }

    internal HttpStatusCode Status { get; init; }

    internal TransportFailure Failure { get; init; }

    /// <summary>The exception that ended the request.</summary>
    internal Exception? Exception { get; init; }

    /// <summary>Whether the body was the expected one and was read as it arrived. <see cref="Body"/> is then empty.</summary>
    internal bool IsTaken { get; init; }

    /// <summary>The complete body.</summary>
    internal byte[] Body { get; init; } = [];

    /// <summary>Whether the body is the gateway's own JSON, and not a page of a proxy.</summary>
    internal bool IsJson { get; init; }

    /// <summary>
    /// Whether the body is an error in the service's own envelope: an object whose <c>error</c> is a string, with no other fields than those that the
    /// authorization adds. Proxies and frameworks return JSON too, with other fields.
    /// </summary>
    internal bool IsEnvelope { get; init; }

    /// <summary>
    /// The final state of the job, <see cref="EditState.Completed"/> or <see cref="EditState.Failed"/>, if the body's <c>status</c> is one of them in
    /// the service's spelling.
    /// </summary>
    internal EditState? Ended { get; init; }

    /// <summary>The job that the body names. The body may be damaged after the id.</summary>
    internal string? RequestId { get; init; }

    /// <summary>The error message of the service, or the readable text of a page.</summary>
    internal string Message { get; init; } = string.Empty;

    /// <summary>For a rate limit: how long no request is sent.</summary>
    internal TimeSpan Wait { get; init; }

    /// <summary>The response's headers, for the rate limit's reset.</summary>
    internal HttpResponseHeaders? Headers { get; init; }
}
