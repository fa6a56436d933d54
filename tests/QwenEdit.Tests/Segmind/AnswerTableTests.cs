using System.Net;
using QwenEdit.Segmind;

namespace QwenEdit.Tests.Segmind;

/// <summary>The table of what a client does about an answer: one row, one test.</summary>
public sealed class AnswerTableTests
{
    private const EditError None = default;

    /// <summary>For each row by its name: an answer that it is made for, and what must follow.</summary>
    private static readonly Dictionary<string, (Answer Answer, Verdict Verdict, EditError Error)> Examples = new()
    {
        ["not connected"] = (Broken(QwenEdit.Segmind.Broken.BeforeSending), Verdict.Repeat, EditError.ConnectionFailed),
        ["source broke"] = (Broken(QwenEdit.Segmind.Broken.BySource), Verdict.Reject, EditError.ImageChanged),
        ["broken open, submit"] = (Broken(QwenEdit.Segmind.Broken.Open), Verdict.Unknown, EditError.OutcomeUnknown),
        ["broken open, job"] = (Broken(QwenEdit.Segmind.Broken.Open), Verdict.Repeat, EditError.ConnectionFailed),
        ["broken open, history"] = (Broken(QwenEdit.Segmind.Broken.Open), Verdict.Repeat, EditError.ConnectionFailed),
        ["broken open, upload"] = (Broken(QwenEdit.Segmind.Broken.Open), Verdict.Repeat, EditError.ConnectionFailed),
        ["too large, submit"] = (Broken(QwenEdit.Segmind.Broken.TooLarge), Verdict.Unknown, EditError.OutcomeUnknown),
        ["too large, job"] = (Broken(QwenEdit.Segmind.Broken.TooLarge), Verdict.Reject, EditError.UnexpectedAnswer),
        ["too large, upload"] = (Broken(QwenEdit.Segmind.Broken.TooLarge), Verdict.Reject, EditError.UnexpectedAnswer),
        ["4xx, upload"] = (Json(403), Verdict.Reject, EditError.UploadFailed),
        ["anything else, upload"] = (Page(200), Verdict.Repeat, EditError.ServiceUnavailable),
        ["too large, history"] = (Broken(QwenEdit.Segmind.Broken.TooLarge), Verdict.Reject, EditError.UnexpectedAnswer),
        ["2xx, history"] = (Page(200), Verdict.Accept, None),
        ["408, history"] = (Page(408), Verdict.Repeat, EditError.ServiceUnavailable),
        ["429, history"] = (Json(429), Verdict.WaitForReset, EditError.RateLimited),
        ["3xx or 4xx, history"] = (Json(401, "Missing Authorization or x-api-key in header"), Verdict.Reject, EditError.UnexpectedAnswer),
        ["anything else, history"] = (Page(502), Verdict.Repeat, EditError.ServiceUnavailable),
        ["2xx JSON"] = (Json(200), Verdict.Accept, None),
        ["2xx request id, submit"] = (Page(200) with { RequestId = "id-1" }, Verdict.Accept, None),
        ["2xx image, sync"] = (new Answer { Request = "POST /", Status = HttpStatusCode.OK, IsTaken = true }, Verdict.Accept, None),
        ["2xx page, submit"] = (Page(200), Verdict.Unknown, EditError.OutcomeUnknown),
        ["2xx page, job"] = (Page(204), Verdict.Repeat, EditError.UnexpectedAnswer),
        ["COMPLETED, job"] = (Json(500) with { Ended = EditState.Completed }, Verdict.Accept, None),
        ["FAILED, job"] = (Json(401) with { Ended = EditState.Failed }, Verdict.JobFailed, EditError.JobFailed),
        ["401 missing"] = (Json(401, "Missing Authorization or x-api-key in header"), Verdict.StopBatch, EditError.ApiKeyMissing),
        ["401"] = (Json(401, "The API key is invalid or has expired."), Verdict.StopBatch, EditError.ApiKeyRejected),
        ["402"] = (Json(402), Verdict.StopBatch, EditError.InsufficientCredits),
        ["403"] = (Json(403), Verdict.StopBatch, EditError.ModelForbidden),
        ["404, submit"] = (Json(404), Verdict.StopBatch, EditError.ModelNotFound),
        ["406 credits"] = (Json(406, "Insufficient credits. Your balance is 0.01"), Verdict.StopBatch, EditError.InsufficientCredits),
        ["406 spend limit"] = (Json(406, "Spend limit reached: your team may spend 5"), Verdict.StopBatch, EditError.SpendLimitReached),
        ["410"] = (Json(410), Verdict.StopBatch, EditError.ModelRetired),
        ["404 JSON, job"] = (Json(404, "Request id-1 not found"), Verdict.RecordExpired, EditError.RecordExpired),
        ["422 JSON, job"] = (Json(422, "The model failed"), Verdict.JobFailed, EditError.JobFailed),
        ["422 JSON, sync"] = (Json(422, "The model failed"), Verdict.JobFailed, EditError.JobFailed),
        ["FAILED, sync"] = (Json(500) with { Ended = EditState.Failed }, Verdict.JobFailed, EditError.JobFailed),
        ["429"] = (Json(429), Verdict.WaitForReset, EditError.RateLimited),
        ["408, submit"] = (Page(408), Verdict.Unknown, EditError.OutcomeUnknown),
        ["408, job"] = (Page(408), Verdict.Repeat, EditError.ServiceUnavailable),
        ["3xx"] = (Page(302), Verdict.Reject, EditError.UnexpectedAnswer),
        ["4xx, submit"] = (Json(406, "Invalid content type"), Verdict.Reject, EditError.RequestRejected),
        ["4xx, job"] = (Page(404), Verdict.Reject, EditError.UnexpectedAnswer),
        ["500 or 503 envelope, submit"] = (Envelope(503), Verdict.Repeat, EditError.ServiceUnavailable),
        ["5xx, job"] = (Page(502), Verdict.Repeat, EditError.ServiceUnavailable),
        ["anything else, submit"] = (Envelope(502), Verdict.Unknown, EditError.OutcomeUnknown),
        ["anything else, job"] = (Json(600), Verdict.Repeat, EditError.UnexpectedAnswer),
    };

    public static TheoryData<string> RowNames => [.. AnswerTable.Rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(RowNames))]
    public void A_row_decides_about_the_answer_that_it_is_made_for(string name)
    {
        Assert.True(Examples.ContainsKey(name), $"The row '{name}' has no example here.");
        (Answer answer, Verdict verdict, EditError error) = Examples[name];
        AnswerTable.Row own = Assert.Single(AnswerTable.Rows, row => row.Name == name);
        IEnumerable<Route> routes = own.Route is { } only ? [only] : [Route.Submit, Route.Sync, Route.Job];

        Assert.All(routes, route =>
        {
            AnswerTable.Row row = AnswerTable.Judge(answer, route);
            // Another name here says which earlier row shadows this one.
            Assert.Equal((name, verdict, error), (row.Name, row.Verdict, row.Error));
        });
    }

    [Fact]
    public void There_is_no_example_without_a_row() =>
        Assert.Equal(AnswerTable.Rows.Select(row => row.Name).Order(), Examples.Keys.Order());

    [Fact]
    public void Every_answer_to_every_question_is_decided_about()
    {
        IEnumerable<Answer> answers = Enumerable.Range(100, 500).SelectMany(status => new[] { Envelope(status), Json(status), Page(status) })
            .Concat(Enum.GetValues<Broken>().Select(broken => Broken(broken)));
        Assert.All(answers, answer =>
        {
            Assert.NotNull(AnswerTable.Judge(answer, Route.Submit));
            Assert.NotNull(AnswerTable.Judge(answer, Route.Sync));
            Assert.NotNull(AnswerTable.Judge(answer, Route.Upload));
            Assert.NotNull(AnswerTable.Judge(answer, Route.Job));
            Assert.NotNull(AnswerTable.Judge(answer, Route.History));
        });
    }

    [Theory]
    [InlineData((int)Route.Submit)]
    [InlineData((int)Route.Sync)]
    public void A_submission_is_repeated_only_after_a_500_or_503_in_the_services_own_envelope_or_where_nothing_was_sent(int route)
    {
        IEnumerable<(int, bool)> repeated = Enumerable.Range(200, 800).SelectMany(status => new[] { Envelope(status), Json(status), Page(status) })
            .Where(answer => AnswerTable.Judge(answer, (Route)route).Verdict is Verdict.Repeat)
            .Select(answer => ((int)answer.Status, answer.IsEnvelope));
        Assert.Equal([(500, true), (503, true)], repeated);
    }

    private static Answer Json(int status, string message = "") =>
        new() { Request = "GET /", Status = (HttpStatusCode)status, IsJson = true, Message = message };

    private static Answer Envelope(int status) => Json(status, "what went wrong") with { IsEnvelope = true };

    private static Answer Page(int status) => new() { Request = "GET /", Status = (HttpStatusCode)status, Message = "Some proxy" };

    private static Answer Broken(Broken broken) => new() { Request = "GET /", Broken = broken };
}
