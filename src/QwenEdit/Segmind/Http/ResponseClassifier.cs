namespace QwenEdit.Segmind.Http;

/// <summary>
/// Classifies each response: the error table of the service's documentation, and for a POST the proof that no job was created. The first matching row
/// decides.
/// </summary>
internal static class ResponseClassifier
{
    /// <summary>One row: the kind of request, the responses that it matches, and the result.</summary>
    internal sealed record Row(string Name, ApiOperation? Operation, Func<ApiResponse, bool> Fits, ResponseClass Class, EditError Error);

    internal static IReadOnlyList<Row> Rows { get; } =
    [
        // No HTTP response.
        new("not connected", null, Failure(TransportFailure.BeforeSending), ResponseClass.Repeat, EditError.ConnectionFailed),
        new("source broke", null, Failure(TransportFailure.BySource), ResponseClass.Reject, EditError.ImageChanged),
        new("broken open, submit", ApiOperation.Submit, Failure(TransportFailure.Open), ResponseClass.Unknown, EditError.OutcomeUnknown),
        new("broken open, job", ApiOperation.Job, Failure(TransportFailure.Open), ResponseClass.Repeat, EditError.ConnectionFailed),
        new("broken open, history", ApiOperation.History, Failure(TransportFailure.Open), ResponseClass.Repeat, EditError.ConnectionFailed),
        new("broken open, upload", ApiOperation.Upload, Failure(TransportFailure.Open), ResponseClass.Repeat, EditError.ConnectionFailed),
        new("too large, submit", ApiOperation.Submit, Failure(TransportFailure.TooLarge), ResponseClass.Unknown, EditError.OutcomeUnknown),
        new("too large, job", ApiOperation.Job, Failure(TransportFailure.TooLarge), ResponseClass.Reject, EditError.UnexpectedAnswer),
        new("too large, upload", ApiOperation.Upload, Failure(TransportFailure.TooLarge), ResponseClass.Reject, EditError.UnexpectedAnswer),
        new("too large, history", ApiOperation.History, Failure(TransportFailure.TooLarge), ResponseClass.Reject, EditError.UnexpectedAnswer),

        // Errors of the request history are never fatal. A rejected key is rejected only by the history.
        new("2xx, history", ApiOperation.History, Status(200, 299), ResponseClass.Accept, default),
        new("408, history", ApiOperation.History, Status(408), ResponseClass.Repeat, EditError.ServiceUnavailable),
        new("429, history", ApiOperation.History, Status(429), ResponseClass.WaitForReset, EditError.RateLimited),
        new("404, history", ApiOperation.History, Status(404), ResponseClass.RecordExpired, EditError.UnexpectedAnswer),
        new("3xx or 4xx, history", ApiOperation.History, Status(300, 499), ResponseClass.Reject, EditError.UnexpectedAnswer),
        new("anything else, history", ApiOperation.History, response => response.Failure == TransportFailure.Not, ResponseClass.Repeat, EditError.ServiceUnavailable),

        // After a rejected upload, the next image may be accepted.
        new("4xx, upload", ApiOperation.Upload, response => InRange(response, 400, 499) && (int)response.Status is not (401 or 402 or 408 or 429), ResponseClass.Reject, EditError.UploadFailed),

        // The expected responses. A success status without the gateway's JSON may hide a job.
        new("2xx JSON", null, response => InRange(response, 200, 299) && response.IsJson, ResponseClass.Accept, default),
        new("2xx request id, submit", ApiOperation.Submit, response => InRange(response, 200, 299) && response.RequestId is not null, ResponseClass.Accept, default),
        new("2xx image, sync", ApiOperation.Sync, response => response.IsTaken, ResponseClass.Accept, default),
        new("2xx page, submit", ApiOperation.Submit, Status(200, 299), ResponseClass.Unknown, EditError.OutcomeUnknown),
        new("2xx page, job", ApiOperation.Job, Status(200, 299), ResponseClass.Repeat, EditError.UnexpectedAnswer),

        // The final state of a job counts with any status code: clients have received FAILED with a 400 or a 500.
        new("COMPLETED, job", ApiOperation.Job, response => response.Ended == EditState.Completed, ResponseClass.Accept, default),
        new("FAILED, job", ApiOperation.Job, response => response.Ended == EditState.Failed, ResponseClass.JobFailed, EditError.JobFailed),

        // Errors that would affect every edit.
        new("401 missing", null, Status(401, "missing"), ResponseClass.StopBatch, EditError.ApiKeyMissing),
        new("401", null, Status(401), ResponseClass.StopBatch, EditError.ApiKeyRejected),
        new("402", null, Status(402), ResponseClass.StopBatch, EditError.InsufficientCredits),
        new("403", null, Status(403), ResponseClass.StopBatch, EditError.ModelForbidden),
        new("404, submit", ApiOperation.Submit, Status(404), ResponseClass.StopBatch, EditError.ModelNotFound),
        new("406 credits", null, Status(406, "insufficient credits"), ResponseClass.StopBatch, EditError.InsufficientCredits),
        new("406 spend limit", null, Status(406, "spend"), ResponseClass.StopBatch, EditError.SpendLimitReached),
        new("410", null, Status(410), ResponseClass.StopBatch, EditError.ModelRetired),

        // Errors that concern one job. Only the gateway's own JSON counts.
        new("404 JSON, job", ApiOperation.Job, response => Is(response, 404) && response.IsJson, ResponseClass.RecordExpired, EditError.RecordExpired),
        new("422 JSON, job", ApiOperation.Job, response => Is(response, 422) && response.IsJson, ResponseClass.JobFailed, EditError.JobFailed),

        new("422 JSON, sync", ApiOperation.Sync, response => Is(response, 422) && response.IsJson, ResponseClass.JobFailed, EditError.JobFailed),
        new("FAILED, sync", ApiOperation.Sync, response => InRange(response, 400, 599) && response.Ended == EditState.Failed, ResponseClass.JobFailed, EditError.JobFailed),

        new("429", null, Status(429), ResponseClass.WaitForReset, EditError.RateLimited),

        // A proxy that stopped waiting can't say whether the gateway received the request.
        new("408, submit", ApiOperation.Submit, Status(408), ResponseClass.Unknown, EditError.OutcomeUnknown),
        new("408, job", ApiOperation.Job, Status(408), ResponseClass.Repeat, EditError.ServiceUnavailable),

        // An error status means that there is no job: 400, 405, 406 with a bad value or content type, and all others.
        new("3xx", null, Status(300, 399), ResponseClass.Reject, EditError.UnexpectedAnswer),
        new("4xx, submit", ApiOperation.Submit, Status(400, 499), ResponseClass.Reject, EditError.RequestRejected),
        new("4xx, job", ApiOperation.Job, Status(400, 499), ResponseClass.Reject, EditError.UnexpectedAnswer),

        // Only a 500 or 503 in the service's own envelope proves that no job was created. A 502 or 504 concerns a server behind the one that
        // responds, and that server may have created a job.
        new("500 or 503 envelope, submit", ApiOperation.Submit, response => (int)response.Status is 500 or 503 && response.IsEnvelope, ResponseClass.Repeat, EditError.ServiceUnavailable),
        new("5xx, job", ApiOperation.Job, Status(500, 599), ResponseClass.Repeat, EditError.ServiceUnavailable),

        // All other 5xx, and status codes that HTTP does not define.
        new("anything else, submit", ApiOperation.Submit, _ => true, ResponseClass.Unknown, EditError.OutcomeUnknown),
        new("anything else, upload", ApiOperation.Upload, _ => true, ResponseClass.Repeat, EditError.ServiceUnavailable),
        new("anything else, job", ApiOperation.Job, _ => true, ResponseClass.Repeat, EditError.UnexpectedAnswer),
    ];

    /// <summary>Returns the row that matches a response.</summary>
    internal static Row Classify(ApiResponse response, ApiOperation operation) =>
        Rows.First(row => IsOf(row, operation) && row.Fits(response));

    private static bool IsOf(Row row, ApiOperation operation) =>
        row.Operation is null || row.Operation == operation || (row.Operation == ApiOperation.Submit && operation == ApiOperation.Sync);

    private static Func<ApiResponse, bool> Failure(TransportFailure broken) => response => response.Failure == broken;

    private static Func<ApiResponse, bool> Status(int status) => response => Is(response, status);

    private static Func<ApiResponse, bool> Status(int from, int to) => response => InRange(response, from, to);

    private static Func<ApiResponse, bool> Status(int status, string says) =>
        response => Is(response, status) && response.Message.IndexOf(says, StringComparison.OrdinalIgnoreCase) >= 0;

    private static bool Is(ApiResponse response, int status) => InRange(response, status, status);

    private static bool InRange(ApiResponse response, int from, int to) => from <= (int)response.Status && (int)response.Status <= to;
}
