using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Http;
using Polly;
using Polly.Timeout;
using QwenEdit.Commands.Parameters;
using QwenEdit.Compatibility;
using QwenEdit.Diagnostics;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Segmind.Http;

/// <summary>Sends requests to one host with the key, and retries them as far as <see cref="ResponseClassifier"/> allows.</summary>
internal sealed class ApiPipeline
{
    /// <summary>
    /// The longest response with a base64 image, in bytes: enough for an image of 24 MB. The service's images have about one megapixel.
    /// </summary>
    private const int LongestWithImage = 32 * 1024 * 1024;

    /// <summary>The longest response of any other kind, and the most that is read of an error response, in bytes.</summary>
    private const int Longest = 1024 * 1024;

    /// <summary>
    /// The shortest time limit of a request other than a submission, for one that begins when the edit's time is up, such as the last poll.
    /// </summary>
    private static readonly TimeSpan ShortestLimit = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The shortest time limit of a submission, however little time the edit has left: only the response says whether a job was created.
    /// </summary>
    private static readonly TimeSpan ShortestSubmissionLimit = TimeSpan.FromSeconds(10);

    private static readonly ResiliencePropertyKey<TimeSpan> LimitKey = new("QwenEdit.Limit");

    private readonly HttpClient _http;
    private readonly string _apiKey;
    private readonly Redactor _secret;
    private readonly TimeSpan _requestTimeout;
    private readonly ResiliencePipeline _attempt;
    private readonly IEditLog _log;
    private readonly IRateLimiter _limiter;
    private readonly TimeProvider _time;
    private readonly RetryPolicy _retry;

    internal ApiPipeline(
        HttpClient http, string apiKey, TimeSpan requestTimeout, int maximumRetryCount, IRateLimiter limiter, TimeProvider time, IEditLog log)
    {
        _http = http;
        _apiKey = apiKey;
        _secret = new Redactor(apiKey);
        _log = log;
        _requestTimeout = requestTimeout;
        _limiter = limiter;
        _time = time;
        _attempt = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(new TimeoutStrategyOptions { TimeoutGenerator = arguments => new(arguments.Context.Properties.GetValue(LimitKey, _requestTimeout)) })
            .Build();
        _retry = new RetryPolicy(maximumRetryCount, time, log);
    }

    /// <summary>Sends the request, and retries it until the response is final.</summary>
    /// <param name="operation">The kind of request.</param>
    /// <param name="makeRequest">Creates the request; called once for each try.</param>
    /// <param name="notDone">
    /// Called when a try provably had no effect: the response allows a retry, or the request was cancelled before its body was read.
    /// </param>
    /// <param name="deadline">The latest time for a retry to begin, and the time limit of a request other than a submission.</param>
    /// <param name="stopped">Cancels waiting for the rate limiter or for the next try, while no request is under way.</param>
    /// <param name="cancellationToken">Cancels a request under way.</param>
    /// <param name="take">
    /// Receives each successful response and may read its body as it arrives; returns whether it did. Its own exceptions pass through.
    /// </param>
    /// <returns>
    /// A response of the class <see cref="ResponseClass.Accept"/>; for a request about a job also <see cref="ResponseClass.JobFailed"/>.
    /// </returns>
    /// <exception cref="QwenEditException">Every other class of response, with its <see cref="QwenEditException.Error"/>.</exception>
    internal async Task<ApiResponse> AskAsync(
        ApiOperation operation,
        Func<HttpRequestMessage> makeRequest,
        Action notDone,
        Deadline deadline,
        CancellationToken stopped,
        CancellationToken cancellationToken,
        Func<HttpResponseMessage, CancellationToken, Task<bool>>? take = null)
    {
        int tries = 0;
        ApiResponse response = await _retry
            .RunAsync(operation, AskAndReportAsync, deadline, stopped)
            .ConfigureAwait(false);
        ResponseClassifier.Row row = ResponseClassifier.Classify(response, operation);
        return row.Class == ResponseClass.Accept || (row.Class == ResponseClass.JobFailed && operation == ApiOperation.Job) ? response : throw ApiErrors.From(row, response);

        async Task<ApiResponse> AskAndReportAsync()
        {
            long turn = await _limiter.AcquireAsync(operation, deadline, stopped).ConfigureAwait(false);
            ApiResponse attempt = await AskOnceAsync(operation, makeRequest, notDone, take, LimitOf(operation, deadline), tries++, cancellationToken).ConfigureAwait(false);
            ResponseClass responseClass = ResponseClassifier.Classify(attempt, operation).Class;
            TimeSpan? reset = responseClass == ResponseClass.WaitForReset ? RateLimitReset.Delay(attempt, _time.GetUtcNow()) : null;
            TimeSpan wait = _limiter.Report(turn, responseClass, reset);
            if (responseClass == ResponseClass.WaitForReset)
            {
                Metrics.RateLimitWait.Record(wait.TotalSeconds);
            }

            if (responseClass is ResponseClass.Repeat or ResponseClass.WaitForReset)
            {
                notDone();
            }

            return attempt with { Wait = wait };
        }
    }

    private TimeSpan LimitOf(ApiOperation operation, Deadline deadline) => operation switch
    {
        // A response that contains the image takes as long as the job, and a cancelled request is still paid for.
        ApiOperation.Sync => deadline.Span,
        ApiOperation.Submit => deadline.Limit(ShortestSubmissionLimit, _requestTimeout),
        _ => deadline.Limit(ShortestLimit, _requestTimeout),
    };

    private async Task<ApiResponse> AskOnceAsync(
        ApiOperation operation,
        Func<HttpRequestMessage> makeRequest,
        Action notDone,
        Func<HttpResponseMessage, CancellationToken, Task<bool>>? take,
        TimeSpan limit,
        int resend,
        CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = makeRequest();
        request.Headers.Add("x-api-key", _apiKey);
        // On .NET Framework, the default asks the server first whether it accepts the body, which costs a round trip.
        request.Headers.ExpectContinue = false;
        string name = $"{request.Method} {request.RequestUri}";
        var watch = Stopwatch.StartNew();
        using RequestSpan span = new(request.Method.Method, operation.ToString().ToLowerInvariant(), request.RequestUri!, resend: resend);
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(LimitKey, limit);
        try
        {
            ApiResponse response = await _attempt
                .ExecuteAsync(async running => await SendAsync(operation, name, request, take, running.CancellationToken).ConfigureAwait(false), context)
                .ConfigureAwait(false);
            span.Answered((int)response.Status);
            _log.Debug($"{name} -> {(int)response.Status} in {watch.Elapsed.TotalSeconds:0.000} s", new EditEvent("request.answered")
            {
                Status = $"{(int)response.Status}",
                Seconds = watch.Elapsed.TotalSeconds,
            });
            return response;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && IsOfTheNetwork(exception))
        {
            span.Failed(exception);
            _log.Debug(
                $"{name} -> {exception.GetType().Name} after {watch.Elapsed.TotalSeconds:0.000} s: {UrlRedactor.WithoutSecrets(_secret.Cover(exception.Message))}",
                new EditEvent("request.unanswered") { Seconds = watch.Elapsed.TotalSeconds });
            return ResponseReader.OfBroken(name, exception, request.Content as SubmissionBody, _secret);
        }
        catch (Exception exception)
        {
            if (request.Content is SubmissionBody body && body.Withdraw())
            {
                // The request was cancelled, or there is a defect. In both cases nothing was sent.
                notDone();
            }

            if (!cancellationToken.IsCancellationRequested || !IsOfTheNetwork(exception))
            {
                throw;
            }

            span.Failed(exception);
            // .NET Framework throws other exceptions when a read is cancelled.
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<ApiResponse> SendAsync(
        ApiOperation operation, string name, HttpRequestMessage request, Func<HttpResponseMessage, CancellationToken, Task<bool>>? take, CancellationToken cancellationToken)
    {
        if (_log.WantsExchanges)
        {
            _log.Exchange(HttpTrace.OfRequest(name, request, _http.DefaultRequestHeaders, _secret));
        }

        using HttpResponseMessage response = await _http
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
        foreach (string headerName in response.Headers.Where(header => header.Value.Any(_secret.IsIn)).Select(header => header.Key).ToArray())
        {
            // A header that contains the key could be used as the request id.
            response.Headers.Remove(headerName);
        }

        if (take is not null && response.IsSuccessStatusCode && await take(response, cancellationToken).ConfigureAwait(false))
        {
            if (_log.WantsExchanges)
            {
                _log.Exchange(HttpTrace.OfAnswer(name, response, body: null, _secret));
            }

            return new ApiResponse { Request = name, Status = response.StatusCode, IsTaken = true, Headers = response.Headers };
        }

        byte[] body = await ReadBodyAsync(operation, response, cancellationToken).ConfigureAwait(false);
        // A proxy may return what it received, including the key.
        _secret.Cover(body);
        if (_log.WantsExchanges)
        {
            _log.Exchange(HttpTrace.OfAnswer(name, response, body, _secret));
        }

        return ResponseReader.Of(name, response, body);
    }

    private static async Task<byte[]> ReadBodyAsync(ApiOperation operation, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        try
        {
            await ReadBodyAsync(response, body, response.IsSuccessStatusCode ? LongestOf(operation) : Longest, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!response.IsSuccessStatusCode && exception is (IOException or HttpRequestException))
        {
            // The status of an error response is enough.
            return [];
        }
        catch (Exception exception) when (IsOfTheNetwork(exception) && operation == ApiOperation.Submit && JsonBytes.RequestId(body.ToArray()) is not null)
        {
            // The job is known. A status request provides the rest.
        }

        return body.ToArray();
    }

    // A page of the history may contain whole images.
    private static int LongestOf(ApiOperation operation) => operation is ApiOperation.Job or ApiOperation.Sync or ApiOperation.History ? LongestWithImage : Longest;

    private static async Task ReadBodyAsync(HttpResponseMessage response, MemoryStream body, int longest, CancellationToken cancellationToken)
    {
        using Stream stream = await response.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (body.Length + read > longest)
                {
                    throw new ResponseTooLargeException($"The answer is larger than {longest} bytes.");
                }

                body.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsOfTheNetwork(Exception exception) =>
        exception is HttpRequestException or IOException or TimeoutRejectedException or OperationCanceledException
            or ObjectDisposedException or WebException
            // The system or the environment names a proxy of a kind that .NET does not support.
            or NotSupportedException;
}

/// <summary>A response that is not read to its end, as it would need too much memory.</summary>
internal sealed class ResponseTooLargeException(string message) : IOException(message);
