using System.Net;
using QwenEdit.Commands.Parameters;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Tests.Segmind.Http;

/// <summary>The table of what a client does about an answer: one row, one test.</summary>
public sealed class ResponseClassifierTests
{
    private const EditError None = default;

    /// <summary>For each row by its name: an answer that it is made for, and what must follow.</summary>
    private static readonly Dictionary<string, (ApiResponse Answer, ResponseClass Class, EditError Error)> Examples = new()
    {
        ["not connected"] = (Failure(TransportFailure.BeforeSending), ResponseClass.Repeat, EditError.ConnectionFailed),
        ["source broke"] = (Failure(TransportFailure.BySource), ResponseClass.Reject, EditError.ImageChanged),
        ["broken open, submit"] = (Failure(TransportFailure.Open), ResponseClass.Unknown, EditError.OutcomeUnknown),
        ["broken open, job"] = (Failure(TransportFailure.Open), ResponseClass.Repeat, EditError.ConnectionFailed),
        ["broken open, history"] = (Failure(TransportFailure.Open), ResponseClass.Repeat, EditError.ConnectionFailed),
        ["broken open, upload"] = (Failure(TransportFailure.Open), ResponseClass.Repeat, EditError.ConnectionFailed),
        ["too large, submit"] = (Failure(TransportFailure.TooLarge), ResponseClass.Unknown, EditError.OutcomeUnknown),
        ["too large, job"] = (Failure(TransportFailure.TooLarge), ResponseClass.Reject, EditError.UnexpectedAnswer),
        ["too large, upload"] = (Failure(TransportFailure.TooLarge), ResponseClass.Reject, EditError.UnexpectedAnswer),
        ["4xx, upload"] = (Json(403), ResponseClass.Reject, EditError.UploadFailed),
        ["anything else, upload"] = (Page(200), ResponseClass.Repeat, EditError.ServiceUnavailable),
        ["too large, history"] = (Failure(TransportFailure.TooLarge), ResponseClass.Reject, EditError.UnexpectedAnswer),
        ["2xx, history"] = (Page(200), ResponseClass.Accept, None),
        ["408, history"] = (Page(408), ResponseClass.Repeat, EditError.ServiceUnavailable),
        ["429, history"] = (Json(429), ResponseClass.WaitForReset, EditError.RateLimited),
        ["404, history"] = (Json(404, "Not found"), ResponseClass.RecordExpired, EditError.UnexpectedAnswer),
        ["3xx or 4xx, history"] = (Json(401, "Missing Authorization or x-api-key in header"), ResponseClass.Reject, EditError.UnexpectedAnswer),
        ["anything else, history"] = (Page(502), ResponseClass.Repeat, EditError.ServiceUnavailable),
        ["2xx JSON"] = (Json(200), ResponseClass.Accept, None),
        ["2xx request id, submit"] = (Page(200) with { RequestId = "id-1" }, ResponseClass.Accept, None),
        ["2xx image, sync"] = (new ApiResponse { Request = "POST /", Status = HttpStatusCode.OK, IsTaken = true }, ResponseClass.Accept, None),
        ["2xx page, submit"] = (Page(200), ResponseClass.Unknown, EditError.OutcomeUnknown),
        ["2xx page, job"] = (Page(204), ResponseClass.Repeat, EditError.UnexpectedAnswer),
        ["COMPLETED, job"] = (Json(500) with { Ended = EditState.Completed }, ResponseClass.Accept, None),
        ["FAILED, job"] = (Json(401) with { Ended = EditState.Failed }, ResponseClass.JobFailed, EditError.JobFailed),
        ["401 missing"] = (Json(401, "Missing Authorization or x-api-key in header"), ResponseClass.StopBatch, EditError.ApiKeyMissing),
        ["401"] = (Json(401, "The API key is invalid or has expired."), ResponseClass.StopBatch, EditError.ApiKeyRejected),
        ["402"] = (Json(402), ResponseClass.StopBatch, EditError.InsufficientCredits),
        ["403"] = (Json(403), ResponseClass.StopBatch, EditError.ModelForbidden),
        ["404, submit"] = (Json(404), ResponseClass.StopBatch, EditError.ModelNotFound),
        ["406 credits"] = (Json(406, "Insufficient credits. Your balance is 0.01"), ResponseClass.StopBatch, EditError.InsufficientCredits),
        ["406 spend limit"] = (Json(406, "Spend limit reached: your team may spend 5"), ResponseClass.StopBatch, EditError.SpendLimitReached),
        ["410"] = (Json(410), ResponseClass.StopBatch, EditError.ModelRetired),
        ["404 JSON, job"] = (Json(404, "Request id-1 not found"), ResponseClass.RecordExpired, EditError.RecordExpired),
        ["422 JSON, job"] = (Json(422, "The model failed"), ResponseClass.JobFailed, EditError.JobFailed),
        ["422 JSON, sync"] = (Json(422, "The model failed"), ResponseClass.JobFailed, EditError.JobFailed),
        ["FAILED, sync"] = (Json(500) with { Ended = EditState.Failed }, ResponseClass.JobFailed, EditError.JobFailed),
        ["429"] = (Json(429), ResponseClass.WaitForReset, EditError.RateLimited),
        ["408, submit"] = (Page(408), ResponseClass.Unknown, EditError.OutcomeUnknown),
        ["408, job"] = (Page(408), ResponseClass.Repeat, EditError.ServiceUnavailable),
        ["3xx"] = (Page(302), ResponseClass.Reject, EditError.UnexpectedAnswer),
        ["4xx, submit"] = (Json(406, "Invalid content type"), ResponseClass.Reject, EditError.RequestRejected),
        ["4xx, job"] = (Page(404), ResponseClass.Reject, EditError.UnexpectedAnswer),
        ["500 or 503 envelope, submit"] = (Envelope(503), ResponseClass.Repeat, EditError.ServiceUnavailable),
        ["5xx, job"] = (Page(502), ResponseClass.Repeat, EditError.ServiceUnavailable),
        ["anything else, submit"] = (Envelope(502), ResponseClass.Unknown, EditError.OutcomeUnknown),
        ["anything else, job"] = (Json(600), ResponseClass.Repeat, EditError.UnexpectedAnswer),
    };

    public static TheoryData<string> RowNames => [.. ResponseClassifier.Rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(RowNames))]
    public void A_row_decides_about_the_answer_that_it_is_made_for(string name)
    {
        Assert.True(Examples.ContainsKey(name), $"The row '{name}' has no example here.");
        (ApiResponse answer, ResponseClass responseClass, EditError error) = Examples[name];
        ResponseClassifier.Row own = Assert.Single(ResponseClassifier.Rows, row => row.Name == name);
        IEnumerable<ApiOperation> routes = own.Operation is { } only ? [only] : [ApiOperation.Submit, ApiOperation.Sync, ApiOperation.Job];

        Assert.All(routes, operation =>
        {
            ResponseClassifier.Row row = ResponseClassifier.Classify(answer, operation);
            // Another name here says which earlier row shadows this one.
            Assert.Equal((name, responseClass, error), (row.Name, row.Class, row.Error));
        });
    }

    [Fact]
    public void There_is_no_example_without_a_row() =>
        Assert.Equal(ResponseClassifier.Rows.Select(row => row.Name).Order(), Examples.Keys.Order());

    [Fact]
    public void Every_answer_to_every_question_is_decided_about()
    {
        IEnumerable<ApiResponse> answers = Enumerable.Range(100, 500).SelectMany(status => new[] { Envelope(status), Json(status), Page(status) })
            .Concat(Enum.GetValues<TransportFailure>().Select(broken => Failure(broken)));
        Assert.All(answers, answer => Assert.All(
            Enum.GetValues<ApiOperation>(), operation => Assert.NotNull(ResponseClassifier.Classify(answer, operation))));
    }

    [Theory]
    [InlineData((int)ApiOperation.Submit)]
    [InlineData((int)ApiOperation.Sync)]
    public void A_submission_is_repeated_only_after_a_500_or_503_in_the_services_own_envelope_or_where_nothing_was_sent(int operation)
    {
        IEnumerable<(int, bool)> repeated = Enumerable.Range(200, 800).SelectMany(status => new[] { Envelope(status), Json(status), Page(status) })
            .Where(answer => ResponseClassifier.Classify(answer, (ApiOperation)operation).Class is ResponseClass.Repeat)
            .Select(answer => ((int)answer.Status, answer.IsEnvelope));
        Assert.Equal([(500, true), (503, true)], repeated);
    }

    private static ApiResponse Json(int status, string message = "") =>
        new() { Request = "GET /", Status = (HttpStatusCode)status, IsJson = true, Message = message };

    private static ApiResponse Envelope(int status) => Json(status, "what went wrong") with { IsEnvelope = true };

    private static ApiResponse Page(int status) => new() { Request = "GET /", Status = (HttpStatusCode)status, Message = "Some proxy" };

    private static ApiResponse Failure(TransportFailure broken) => new() { Request = "GET /", Failure = broken };
}
