using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text.Json;
using QwenEdit.Compatibility;
using QwenEdit.Diagnostics;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Segmind;

/// <summary>How to reach the service.</summary>
internal sealed record SegmindConnection
{
    internal required SegmindEndpoint Endpoint { get; init; }

    /// <summary>Where the account's request history is; <see langword="null"/> where there is none that may be sent the key.</summary>
    internal SegmindEndpoint? History { get; init; }

    internal required string ApiKey { get; init; }

    /// <summary>A proxy other than the system's. No request by plain http, which is for this machine, passes it.</summary>
    internal IWebProxy? Proxy { get; init; }

    /// <summary>How long one request may take, its body and its answer included; but one whose answer is the image.</summary>
    internal TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>How often a passing fault is tried again.</summary>
    internal int MaximumRetryCount { get; init; } = 3;
}

/// <summary>Hears how a submission goes, a try at a time.</summary>
internal interface ISubmissionSteps
{
    /// <summary>A request is about to leave.</summary>
    void BeforeTry();

    /// <summary>It provably made no job.</summary>
    void NoJob();

    /// <summary>Breaks off a wait for the turn of the next try, when nothing is on its way.</summary>
    CancellationToken Stopped { get; }
}

/// <summary>Hears how a submission goes whose answer is the image.</summary>
internal interface ISyncSteps : ISubmissionSteps
{
    /// <summary>The headers of a success have come, and the edit is paid for; its image is still to come.</summary>
    /// <param name="requestId">The job, if it was named.</param>
    /// <param name="report">What the headers say of it.</param>
    void Answered(string? requestId, JobReport report);

    /// <summary>Takes the image from its first byte to its last, with its length if that is known.</summary>
    Task TakeAsync(Stream image, long? length, CancellationToken cancellationToken);
}

/// <summary>The paths of the service: v2's submit, status and result, v1's one exchange, and the account's balance.</summary>
internal sealed class SegmindClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly ApiPipeline _exchange;
    private readonly SegmindEndpoint _endpoint;

    internal SegmindClient(SegmindConnection connection, IRateLimiter limiter, TimeProvider time, IEditLog log)
    {
        _endpoint = connection.Endpoint;
        _http = MakeHttpClient(HttpHandlers.CreateApiHandler(LoopbackProxyBypass.For(connection.Endpoint, connection.Proxy)));
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _exchange = new ApiPipeline(_http, connection.ApiKey, connection.RequestTimeout, connection.MaximumRetryCount, limiter, time, log);
    }

    /// <summary>Makes a client that has no time limit of its own.</summary>
    internal static HttpClient MakeHttpClient(HttpMessageHandler handler)
    {
        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        // A compressed answer may be a thousand times as large in memory, and hides its length; images gain nothing by it.
        http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("QwenEdit", Version));
        return http;
    }

    /// <summary>Submits one edit: <c>POST /v2/{model}</c>.</summary>
    /// <param name="request">The edit.</param>
    /// <param name="image">The local image; <see langword="null"/> where the request names a remote one.</param>
    /// <param name="seed">The seed to send.</param>
    /// <param name="steps">Hears of every try before it is made, and what came of it; what it throws stops the submission.</param>
    /// <param name="deadline">Until when a passing fault or a rate limit is waited out.</param>
    /// <param name="cancellationToken">Breaks off; whether a job was made is then unknown.</param>
    /// <exception cref="QwenEditException">
    /// No job was made; except for <see cref="EditError.OutcomeUnknown"/>, where it can't be known.
    /// </exception>
    internal async Task<JobReference> SubmitAsync(
        EditRequest request, ImagePayload? image, long seed, ISubmissionSteps steps, Deadline deadline, CancellationToken cancellationToken)
    {
        byte[] fields = EditFields.Write(request, seed);
        ApiResponse answer = await _exchange
            .AskAsync(
                ApiOperation.Submit,
                () =>
                {
                    steps.BeforeTry();
                    return new HttpRequestMessage(HttpMethod.Post, _endpoint.Submit(request.Model))
                    {
                        Content = new SubmissionBody(fields, image, cancellationToken),
                    };
                },
                steps.NoJob,
                deadline,
                steps.Stopped,
                cancellationToken)
            .ConfigureAwait(false);
        return JobParser.Accepted(answer, _endpoint) is { } job ? job with { AcceptedAt = answer.Headers?.Date } : throw new QwenEditException(
            EditError.OutcomeUnknown,
            $"The service accepted the request ({(int)answer.Status}) but named no request id that can be one; it may have been billed.");
    }

    /// <summary>Has an image edited in one exchange, <c>POST /v1/{model}</c>, which takes as long as the job: at most the deadline's span, from when the request leaves.</summary>
    /// <inheritdoc cref="SubmitAsync"/>
    /// <returns><see langword="null"/> where the image was taken as it came; otherwise where it is, or its bytes, by the answer's JSON.</returns>
    internal async Task<JobOutput?> GenerateAsync(
        EditRequest request, ImagePayload? image, long seed, ISyncSteps steps, Deadline deadline, CancellationToken cancellationToken)
    {
        byte[] fields = EditFields.Write(request, seed);
        ApiResponse answer = await _exchange
            .AskAsync(
                ApiOperation.Sync,
                () =>
                {
                    steps.BeforeTry();
                    HttpRequestMessage post = new(HttpMethod.Post, _endpoint.Sync(request.Model)) { Content = new SubmissionBody(fields, image, cancellationToken) };
                    post.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("image/*"));
                    post.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
                    return post;
                },
                steps.NoJob,
                deadline,
                steps.Stopped,
                cancellationToken,
                (response, token) => SyncParser.TakeAsync(response, steps, token))
            .ConfigureAwait(false);
        return answer.IsTaken ? null : JobParser.Image(answer.Body) ?? throw new QwenEditException(
            EditError.OutputInvalid, $"The service answered ({answer.Request}, {(int)answer.Status}), but with no image.");
    }

    /// <summary>Refers to a job of which nothing but the id is known.</summary>
    internal JobReference Refer(string requestId) => new(requestId, _endpoint.Status(requestId), _endpoint.Result(requestId));

    /// <summary>Asks for a job's state, without its output.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.RecordExpired"/>, or the question got no answer.</exception>
    internal Task<JobReport> GetStatusAsync(JobReference job, Deadline deadline, CancellationToken cancellationToken) =>
        AskAsync(job.StatusUri, deadline, cancellationToken);

    /// <summary>Asks for all that the service has of a job.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.RecordExpired"/>, or the question got no answer.</exception>
    internal Task<JobReport> GetResultAsync(JobReference job, Deadline deadline, CancellationToken cancellationToken) =>
        AskAsync(job.ResultUri, deadline, cancellationToken);

    /// <summary>Asks for the account's balance: <c>{"credits": 12.3, "free-credits": 0.01}</c>, in credits.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.CreditNotFound"/>, or the question got no answer.</exception>
    internal async Task<(decimal Credits, decimal? Free)> GetCreditsAsync(Deadline deadline, CancellationToken cancellationToken)
    {
        ApiResponse answer;
        try
        {
            answer = await _exchange
                .AskAsync(ApiOperation.Job, () => HttpHandlers.Get(_endpoint.Credits), () => { }, deadline, cancellationToken, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (QwenEditException exception) when (exception.Error == EditError.RecordExpired)
        {
            throw new QwenEditException(EditError.CreditNotFound, "The service has no record of the account's credits (404).", exception);
        }

        using var document = JsonDocument.Parse(answer.Body);
        return JobParser.Number(document.RootElement, "credits") is { } credits
            ? ((decimal)credits, (decimal?)JobParser.Number(document.RootElement, "free-credits"))
            : throw new QwenEditException(EditError.UnexpectedAnswer, $"The service's answer names no credits ({answer.Request}, {(int)answer.Status}).");
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<JobReport> AskAsync(Uri uri, Deadline deadline, CancellationToken cancellationToken)
    {
        ApiResponse answer = await _exchange
            .AskAsync(ApiOperation.Job, () => HttpHandlers.Get(uri), () => { }, deadline, cancellationToken, cancellationToken)
            .ConfigureAwait(false);
        JobReport report = JobParser.Report(answer.Body);
        // A 422 says that the job failed, with or without a status in its body.
        return ResponseClassifier.LedgerCheck(answer, ApiOperation.Job).Class == ResponseClass.JobFailed
            ? report with { State = EditState.Failed, Error = report.Error ?? answer.Message }
            : report;
    }

    /// <summary>The module's version.</summary>
    internal static string Version { get; } =
        typeof(SegmindClient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
