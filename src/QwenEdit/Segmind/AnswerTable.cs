namespace QwenEdit.Segmind;

/// <summary>Which question was asked.</summary>
internal enum Route
{
    /// <summary><c>POST /v2/{model}</c>: every accepted one is a new, separately billed job.</summary>
    Submit,

    /// <summary>
    /// <c>POST /v1/{model}</c>, a submission whose answer is the image: what holds for <see cref="Submit"/> holds for it, unless it has a row of
    /// its own.
    /// </summary>
    Sync,

    /// <summary>A GET about a job, or about the account: always safe to repeat.</summary>
    Job,

    /// <summary><c>POST /upload-asset</c>, on a host of its own: it costs nothing, and is safe to repeat.</summary>
    Upload,

    /// <summary>A GET of the account's request history, on a host of its own: all goes on without its answer.</summary>
    History,
}

/// <summary>
/// What a client does about each answer: the error table of the service's documentation, and for a POST the proof that no job
/// was made. The first row that fits decides.
/// </summary>
internal static class AnswerTable
{
    /// <summary>One row: the question, what it fits, and what follows.</summary>
    internal sealed record Row(string Name, Route? Route, Func<Answer, bool> Fits, Verdict Verdict, EditError Error);

    internal static IReadOnlyList<Row> Rows { get; } =
    [
        // No HTTP answer.
        new("not connected", null, Broken(Segmind.Broken.BeforeSending), Verdict.Repeat, EditError.ConnectionFailed),
        new("source broke", null, Broken(Segmind.Broken.BySource), Verdict.Reject, EditError.ImageChanged),
        new("broken open, submit", Route.Submit, Broken(Segmind.Broken.Open), Verdict.Unknown, EditError.OutcomeUnknown),
        new("broken open, job", Route.Job, Broken(Segmind.Broken.Open), Verdict.Repeat, EditError.ConnectionFailed),
        new("broken open, history", Route.History, Broken(Segmind.Broken.Open), Verdict.Repeat, EditError.ConnectionFailed),
        new("broken open, upload", Route.Upload, Broken(Segmind.Broken.Open), Verdict.Repeat, EditError.ConnectionFailed),
        new("too large, submit", Route.Submit, Broken(Segmind.Broken.TooLarge), Verdict.Unknown, EditError.OutcomeUnknown),
        new("too large, job", Route.Job, Broken(Segmind.Broken.TooLarge), Verdict.Reject, EditError.UnexpectedAnswer),
        new("too large, upload", Route.Upload, Broken(Segmind.Broken.TooLarge), Verdict.Reject, EditError.UnexpectedAnswer),
        new("too large, history", Route.History, Broken(Segmind.Broken.TooLarge), Verdict.Reject, EditError.UnexpectedAnswer),

        // Of the history no answer but a list is worth more than a question; a refused key is refused there only.
        new("2xx, history", Route.History, Status(200, 299), Verdict.Accept, default),
        new("408, history", Route.History, Status(408), Verdict.Repeat, EditError.ServiceUnavailable),
        new("429, history", Route.History, Status(429), Verdict.WaitForReset, EditError.RateLimited),
        new("3xx or 4xx, history", Route.History, Status(300, 499), Verdict.Reject, EditError.UnexpectedAnswer),
        new("anything else, history", Route.History, answer => answer.Broken == Segmind.Broken.Not, Verdict.Repeat, EditError.ServiceUnavailable),

        // Of a refused upload, the next image's may not be.
        new("4xx, upload", Route.Upload, answer => InRange(answer, 400, 499) && (int)answer.Status is not (401 or 402 or 408 or 429), Verdict.Reject, EditError.UploadFailed),

        // What was asked for. A success that is not the gateway's JSON may hide a job.
        new("2xx JSON", null, answer => InRange(answer, 200, 299) && answer.IsJson, Verdict.Accept, default),
        new("2xx request id, submit", Route.Submit, answer => InRange(answer, 200, 299) && answer.RequestId is not null, Verdict.Accept, default),
        new("2xx image, sync", Route.Sync, answer => answer.IsTaken, Verdict.Accept, default),
        new("2xx page, submit", Route.Submit, Status(200, 299), Verdict.Unknown, EditError.OutcomeUnknown),
        new("2xx page, job", Route.Job, Status(200, 299), Verdict.Repeat, EditError.UnexpectedAnswer),

        // A job's end counts whatever the code: clients take FAILED under a 400 or a 500 for it.
        new("COMPLETED, job", Route.Job, answer => answer.Ended == EditState.Completed, Verdict.Accept, default),
        new("FAILED, job", Route.Job, answer => answer.Ended == EditState.Failed, Verdict.JobFailed, EditError.JobFailed),

        // What would meet every edit alike.
        new("401 missing", null, Status(401, "missing"), Verdict.StopBatch, EditError.ApiKeyMissing),
        new("401", null, Status(401), Verdict.StopBatch, EditError.ApiKeyRejected),
        new("402", null, Status(402), Verdict.StopBatch, EditError.InsufficientCredits),
        new("403", null, Status(403), Verdict.StopBatch, EditError.ModelForbidden),
        new("404, submit", Route.Submit, Status(404), Verdict.StopBatch, EditError.ModelNotFound),
        new("406 credits", null, Status(406, "insufficient credits"), Verdict.StopBatch, EditError.InsufficientCredits),
        new("406 spend limit", null, Status(406, "spend"), Verdict.StopBatch, EditError.SpendLimitReached),
        new("410", null, Status(410), Verdict.StopBatch, EditError.ModelRetired),

        // What concerns one job; only the gateway's own word counts.
        new("404 JSON, job", Route.Job, answer => Is(answer, 404) && answer.IsJson, Verdict.RecordExpired, EditError.RecordExpired),
        new("422 JSON, job", Route.Job, answer => Is(answer, 422) && answer.IsJson, Verdict.JobFailed, EditError.JobFailed),

        new("422 JSON, sync", Route.Sync, answer => Is(answer, 422) && answer.IsJson, Verdict.JobFailed, EditError.JobFailed),
        new("FAILED, sync", Route.Sync, answer => InRange(answer, 400, 599) && answer.Ended == EditState.Failed, Verdict.JobFailed, EditError.JobFailed),

        new("429", null, Status(429), Verdict.WaitForReset, EditError.RateLimited),

        // A proxy that gave up waiting can't say whether the gateway had the request.
        new("408, submit", Route.Submit, Status(408), Verdict.Unknown, EditError.OutcomeUnknown),
        new("408, job", Route.Job, Status(408), Verdict.Repeat, EditError.ServiceUnavailable),

        // Refused by an error status, so no job: 400, 405, 406 with a bad value or content type, and whatever else there may come.
        new("3xx", null, Status(300, 399), Verdict.Reject, EditError.UnexpectedAnswer),
        new("4xx, submit", Route.Submit, Status(400, 499), Verdict.Reject, EditError.RequestRejected),
        new("4xx, job", Route.Job, Status(400, 499), Verdict.Reject, EditError.UnexpectedAnswer),

        // Only these two, in the service's own words, prove that no job was made. A 502 or 504 speaks of a server behind the one that
        // answers, which may have made one.
        new("500 or 503 envelope, submit", Route.Submit, answer => (int)answer.Status is 500 or 503 && answer.IsEnvelope, Verdict.Repeat, EditError.ServiceUnavailable),
        new("5xx, job", Route.Job, Status(500, 599), Verdict.Repeat, EditError.ServiceUnavailable),

        // Every other 5xx, and statuses that HTTP does not know.
        new("anything else, submit", Route.Submit, _ => true, Verdict.Unknown, EditError.OutcomeUnknown),
        new("anything else, upload", Route.Upload, _ => true, Verdict.Repeat, EditError.ServiceUnavailable),
        new("anything else, job", Route.Job, _ => true, Verdict.Repeat, EditError.UnexpectedAnswer),
    ];

    /// <summary>The row that decides about an answer.</summary>
    internal static Row Judge(Answer answer, Route route) =>
        Rows.First(row => IsOf(row, route) && row.Fits(answer));

    private static bool IsOf(Row row, Route route) =>
        row.Route is null || row.Route == route || (row.Route == Segmind.Route.Submit && route == Segmind.Route.Sync);

    private static Func<Answer, bool> Broken(Broken broken) => answer => answer.Broken == broken;

    private static Func<Answer, bool> Status(int status) => answer => Is(answer, status);

    private static Func<Answer, bool> Status(int from, int to) => answer => InRange(answer, from, to);

    private static Func<Answer, bool> Status(int status, string says) =>
        answer => Is(answer, status) && answer.Message.IndexOf(says, StringComparison.OrdinalIgnoreCase) >= 0;

    private static bool Is(Answer answer, int status) => InRange(answer, status, status);

    private static bool InRange(Answer answer, int from, int to) => from <= (int)answer.Status && (int)answer.Status <= to;
}
