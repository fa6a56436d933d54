namespace QwenEdit.Segmind.Http;

/// <summary>Creates the exceptions for failed requests, with a message that says why the request failed.</summary>
internal static class ApiErrors
{
    internal static QwenEditException From(ResponseClassifier.Row row, ApiResponse response)
    {
        string said = response.Message switch
        {
            "" => ".",
            [.., '.' or '!' or '?' or '…'] => $": {response.Message}",
            _ => $": {response.Message}.",
        };
        string status = response.Failure == TransportFailure.Not ? $"{(int)response.Status}" : "no answer";
        string message = row.Error switch
        {
            EditError.ConnectionFailed => $"The service can't be reached ({response.Request}){said}",
            EditError.ImageChanged => $"The image could not be sent whole, so no job was made{said}",
            EditError.OutcomeUnknown => $"The request was sent, but its answer ({status}) does not tell whether a job was made; it may have been billed{said}",
            EditError.ApiKeyMissing => $"The service saw no API key (401){said}",
            EditError.ApiKeyRejected => $"The service does not accept the API key (401){said}",
            EditError.ModelForbidden => $"The account may not call this model (403){said}",
            EditError.ModelNotFound => $"The service has no such model ({response.Request}, 404){said}",
            EditError.ModelRetired => $"The model is retired (410){said}",
            EditError.InsufficientCredits => $"The account's credits do not cover the edit ({status}){said}",
            EditError.SpendLimitReached => $"The team's spend limit is reached (406){said}",
            EditError.RequestRejected => $"The service refused the edit ({status}); nothing was billed{said}",
            EditError.UploadFailed => $"The storage refused the image ({response.Request}, {status}), so that no job was made{said}",
            EditError.RateLimited => $"The rate limit left no room in time (429){said}",
            EditError.ServiceUnavailable => $"The service failed again and again ({status}){said}",
            EditError.JobFailed => $"The edit failed at the service and is not billed{said}",
            EditError.RecordExpired => $"The service has no record of this request: it keeps one for an hour, or the id is wrong (404){said}",
            _ => $"The service answered something unexpected ({response.Request}, {status}){said}",
        };
        return new QwenEditException(row.Error, message, response.Exception)
        {
            StatusCode = response.Failure == TransportFailure.Not ? (int)response.Status : null,
        };
    }
}
