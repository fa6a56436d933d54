using System.Net;
using System.Net.Http.Headers;

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

    /// <summary>What the response means. It is set once, before anything else reads the response.</summary>
    internal ResponseClassifier.Row? Row { get; init; }

    /// <summary>What the response means for the client's next step.</summary>
    internal ResponseClass Class => Row!.Class;

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

    /// <summary>Throws if the response is not the expected one.</summary>
    /// <exception cref="QwenEditException">The error of the response's row.</exception>
    internal void EnsureAccepted()
    {
        if (Class != ResponseClass.Accept)
        {
            throw ToException();
        }
    }

    /// <summary>Creates the exception for a failed request, with a message that says why it failed.</summary>
    internal QwenEditException ToException()
    {
        string said = Message switch
        {
            "" => ".",
            [.., '.' or '!' or '?' or '…'] => $": {Message}",
            _ => $": {Message}.",
        };
        int? code = Failure == TransportFailure.Not ? (int)Status : null;
        string status = code is null ? "no answer" : $"{code}";
        string message = Row!.Error switch
        {
            EditError.ConnectionFailed => $"The service can't be reached ({Request}){said}",
            EditError.ImageChanged => $"The image could not be sent completely, so no job was created{said}",
            EditError.OutcomeUnknown => $"The request was sent, but its answer ({status}) does not tell whether a job was created. It may have been billed{said}",
            EditError.ApiKeyMissing => $"The service saw no API key (401){said}",
            EditError.ApiKeyRejected => $"The service does not accept the API key (401){said}",
            EditError.ModelForbidden => $"The account may not call this model (403){said}",
            EditError.ModelNotFound => $"The service has no such model ({Request}, 404){said}",
            EditError.ModelRetired => $"The model is retired (410){said}",
            EditError.InsufficientCredits => $"The account's credits do not cover the edit ({status}){said}",
            EditError.SpendLimitReached => $"The team's spend limit is reached (406){said}",
            EditError.RequestRejected => $"The service refused the edit ({status}); nothing was billed{said}",
            EditError.UploadFailed => $"The storage refused the image ({Request}, {status}), so no job was created{said}",
            EditError.RateLimited => $"The rate limit left no room in time (429){said}",
            EditError.ServiceUnavailable => $"The service failed on each try ({status}){said}",
            EditError.JobFailed => $"The edit failed at the service and is not billed{said}",
            EditError.RecordExpired => $"The service has no record of this request: it keeps one for an hour, or the id is wrong (404){said}",
            _ => $"The service answered something unexpected ({Request}, {status}){said}",
        };
        return new QwenEditException(Row.Error, message, Exception) { StatusCode = code };
    }
}
