using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text.Json;
using QwenEdit.Diagnostics;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Segmind;

/// <summary>The settings of the connection to the service.</summary>
internal sealed record SegmindConnection
{
    internal required SegmindEndpoint Endpoint { get; init; }

    /// <summary>The endpoint of the account's request history; <see langword="null"/> if there is none that may receive the key.</summary>
    internal SegmindEndpoint? History { get; init; }

    internal required string ApiKey { get; init; }

    /// <summary>A proxy instead of the system's. Requests over plain http, which is only allowed to this machine, don't use it.</summary>
    internal IWebProxy? Proxy { get; init; }

    /// <summary>
    /// How long one request may take, including its body and its response. Does not apply to a request whose response is the image.
    /// </summary>
    internal TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>How often a temporary error is retried.</summary>
    internal int MaximumRetryCount { get; init; } = 3;
}

/// <summary>Receives the progress of a submission, try by try.</summary>
internal interface ISubmissionSteps
{
    /// <summary>Called before a request is sent.</summary>
    void BeforeTry();

    /// <summary>Called when the try provably created no job.</summary>
    void NoJob();

    /// <summary>Cancels the wait for the next try, while no request is under way.</summary>
    CancellationToken Stopped { get; }
}

/// <summary>Receives the progress of a submission whose response is the image.</summary>
internal interface ISyncSteps : ISubmissionSteps
{
    /// <summary>Called when the headers of a success have arrived. The edit is then paid for; its image is still to come.</summary>
    /// <param name="requestId">The id of the job, if the response names it.</param>
    /// <param name="report">What the headers say about the job.</param>
    void Answered(string? requestId, JobReport report);

    /// <summary>Reads the whole image, with its length if known.</summary>
    Task TakeAsync(Stream image, long? length, CancellationToken cancellationToken);
}

/// <summary>A client of the service: submit, status and result of v2, the synchronous request of v1, and the account's balance.</summary>
internal sealed class SegmindClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly ApiPipeline _pipeline;
    private readonly SegmindEndpoint _endpoint;

    internal SegmindClient(SegmindConnection connection, IRateLimiter limiter, TimeProvider time, IEditLog log)
    {
        _endpoint = connection.Endpoint;
        _http = MakeHttpClient(HttpHandlers.CreateApiHandler(LoopbackProxyBypass.For(connection.Endpoint, connection.Proxy)));
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _pipeline = new ApiPipeline(_http, connection, limiter, time, log);
    }

    /// <summary>Creates an HTTP client without a time limit.</summary>
    internal static HttpClient MakeHttpClient(HttpMessageHandler handler)
    {
        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        // A compressed response may be a thousand times larger in memory, and its length is not known. Compression does not make images smaller.
        http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("QwenEdit", Version));
        return http;
    }

    /// <summary>Submits one edit: <c>POST /v2/{model}</c>.</summary>
    /// <param name="request">What is sent.</param>
    /// <param name="steps">Called before each try and after its outcome. Its exceptions stop the submission.</param>
    /// <param name="deadline">The time limit for retries and for waiting at a rate limit.</param>
    /// <param name="cancellationToken">Cancels the request. It is then unknown whether a job was created.</param>
    /// <exception cref="QwenEditException">
    /// No job was created, except for <see cref="EditError.OutcomeUnknown"/>, where this is unknown.
    /// </exception>
    internal async Task<JobReference> SubmitAsync(
        SubmitRequest request, ISubmissionSteps steps, Deadline deadline, CancellationToken cancellationToken)
    {
        HttpRequestMessage Create()
        {
            steps.BeforeTry();
            return new HttpRequestMessage(HttpMethod.Post, _endpoint.Submit(request.Model)) { Content = new SubmissionBody(request, cancellationToken) };
        }

        ApiRequest submission = new(ApiOperation.Submit, Create, deadline) { NoEffect = steps.NoJob, Stopped = steps.Stopped };
        ApiResponse response = await _pipeline.SendAsync(submission, cancellationToken).ConfigureAwait(false);
        response.EnsureAccepted();
        return JobParser.Accepted(response, _endpoint) is { } job ? job with { AcceptedAt = response.Headers?.Date } : throw new QwenEditException(
            EditError.OutcomeUnknown,
            $"The service accepted the request ({(int)response.Status}) without a valid request id. It may have been billed.");
    }

    /// <summary>
    /// Edits an image in one request, <c>POST /v1/{model}</c>. It takes as long as the job; its time limit is the deadline's whole period, from when
    /// the request is sent.
    /// </summary>
    /// <inheritdoc cref="SubmitAsync"/>
    /// <returns><see langword="null"/> if the image was read as it arrived; otherwise its URL or its bytes from the JSON response.</returns>
    internal async Task<JobOutput?> GenerateAsync(
        SubmitRequest request, ISyncSteps steps, Deadline deadline, CancellationToken cancellationToken)
    {
        HttpRequestMessage Create()
        {
            steps.BeforeTry();
            HttpRequestMessage post = new(HttpMethod.Post, _endpoint.Sync(request.Model)) { Content = new SubmissionBody(request, cancellationToken) };
            post.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("image/*"));
            post.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            return post;
        }

        ApiRequest submission = new(ApiOperation.Sync, Create, deadline)
        {
            NoEffect = steps.NoJob,
            Stopped = steps.Stopped,
            Take = (response, token) => SyncParser.TakeAsync(response, steps, token),
        };
        ApiResponse response = await _pipeline.SendAsync(submission, cancellationToken).ConfigureAwait(false);
        response.EnsureAccepted();
        return response.IsTaken ? null : JobParser.Image(response.Body) ?? throw new QwenEditException(
            EditError.OutputInvalid, $"The service's response has no image ({response.Request}, {(int)response.Status}).");
    }

    /// <summary>Returns a reference to a job of which only the id is known.</summary>
    internal JobReference Refer(string requestId) => new(requestId, _endpoint.Status(requestId), _endpoint.Result(requestId));

    /// <summary>Gets the status of a job, without its output.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.RecordExpired"/>, or the request failed.</exception>
    internal Task<JobReport> GetStatusAsync(JobReference job, Deadline deadline, CancellationToken cancellationToken) =>
        ReportAsync(job.StatusUri, deadline, cancellationToken);

    /// <summary>Gets the result of a job.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.RecordExpired"/>, or the request failed.</exception>
    internal Task<JobReport> GetResultAsync(JobReference job, Deadline deadline, CancellationToken cancellationToken) =>
        ReportAsync(job.ResultUri, deadline, cancellationToken);

    /// <summary>Gets the account's balance in credits: <c>{"credits": 12.3, "free-credits": 0.01}</c>.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.CreditNotFound"/>, or the request failed.</exception>
    internal async Task<(decimal Credits, decimal? Free)> GetCreditsAsync(Deadline deadline, CancellationToken cancellationToken)
    {
        ApiResponse response = await GetAsync(_endpoint.Credits, deadline, cancellationToken).ConfigureAwait(false);
        if (response.Class == ResponseClass.RecordExpired)
        {
            throw new QwenEditException(EditError.CreditNotFound, "The service has no record of the account's credits (404).", response.ToException());
        }

        EnsureReport(response);
        using var document = JsonDocument.Parse(response.Body);
        return JobParser.Number(document.RootElement, "credits") is { } credits
            ? ((decimal)credits, (decimal?)JobParser.Number(document.RootElement, "free-credits"))
            : throw new QwenEditException(EditError.UnexpectedAnswer, $"The service's answer names no credits ({response.Request}, {(int)response.Status}).");
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<JobReport> ReportAsync(Uri uri, Deadline deadline, CancellationToken cancellationToken)
    {
        ApiResponse response = await GetAsync(uri, deadline, cancellationToken).ConfigureAwait(false);
        EnsureReport(response);
        JobReport report = JobParser.Report(response.Body);
        // A 422 means that the job failed, whether its body has a status or not.
        return response.Class == ResponseClass.JobFailed
            ? report with { State = EditState.Failed, Error = report.Error ?? response.Message }
            : report;
    }

    private Task<ApiResponse> GetAsync(Uri uri, Deadline deadline, CancellationToken cancellationToken) =>
        _pipeline.SendAsync(new ApiRequest(ApiOperation.Job, () => HttpHandlers.Get(uri), deadline), cancellationToken);

    // The report of a failed job is an expected response, too.
    private static void EnsureReport(ApiResponse response)
    {
        if (response.Class != ResponseClass.JobFailed)
        {
            response.EnsureAccepted();
        }
    }

    /// <summary>The module's version.</summary>
    internal static string Version { get; } =
        typeof(SegmindClient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
