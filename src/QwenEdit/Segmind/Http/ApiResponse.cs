using System.Net;
using System.Net.Http.Headers;
using QwenEdit.Commands.Parameters;

namespace QwenEdit.Segmind.Http;

/// <summary>How far a request came that got no HTTP answer.</summary>
internal enum TransportFailure
{
    /// <summary>There is an HTTP answer.</summary>
    Not,

    /// <summary>No byte of the body had been asked for, so that nothing was sent that could make a job, whatever failed.</summary>
    BeforeSending,

    /// <summary>The image could not be read to its end, so that the body is incomplete and can't have made a job.</summary>
    BySource,

    /// <summary>A time-out or a reset at a moment when the service may have had the whole request.</summary>
    Open,

    /// <summary>The answer came, and was too large to be read.</summary>
    TooLarge,
}

/// <summary>One exchange's outcome: an HTTP answer, or the way it broke.</summary>
internal sealed record ApiResponse
{
    /// <summary>The request, for messages: verb and URL, which hold no secret.</summary>
    internal required string Request { get; init; }

    internal HttpStatusCode Status { get; init; }

    internal TransportFailure Failure { get; init; }

    /// <summary>What broke the exchange.</summary>
    internal Exception? Exception { get; init; }

    /// <summary>Whether the body was what was asked for and was taken as it came, so that there is none here.</summary>
    internal bool IsTaken { get; init; }

    /// <summary>The body, read whole.</summary>
    internal byte[] Body { get; init; } = [];

    /// <summary>Whether the body is the gateway's own JSON, as against a page of some proxy in between.</summary>
    internal bool IsJson { get; init; }

    /// <summary>
    /// Whether the body is an error in the service's own envelope: an object whose <c>error</c> is a text, with nothing beside it but what the
    /// authorization adds. Proxies and frameworks answer JSON as well, with other fields.
    /// </summary>
    internal bool IsEnvelope { get; init; }

    /// <summary>
    /// The end of the job, <see cref="EditState.Completed"/> or <see cref="EditState.Failed"/>, if the body has one for its <c>status</c>, spelt as
    /// the service spells it.
    /// </summary>
    internal EditState? Ended { get; init; }

    /// <summary>The job that the body names, which may be damaged after that.</summary>
    internal string? RequestId { get; init; }

    /// <summary>The error in the service's words, or what can be read of a page.</summary>
    internal string Message { get; init; } = string.Empty;

    /// <summary>Of a rate limit: how long nothing is sent.</summary>
    internal TimeSpan Wait { get; init; }

    /// <summary>The response's headers, for the rate limit's reset.</summary>
    internal HttpResponseHeaders? Headers { get; init; }
}
