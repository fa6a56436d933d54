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

/// <summary>
/// One question to the API host and its answer: with the key, repeated as far as <see cref="ResponseClassifier"/> allows.
/// </summary>
internal sealed class ApiPipeline
{
    /// <summary>The longest answer that has an image as base64 in it, in bytes: one of 24 MB, where the service's have about a megapixel.</summary>
    private const int LongestWithImage = 32 * 1024 * 1024;

    /// <summary>The longest answer of any other kind, and all that is read of a refusal, in bytes.</summary>
    private const int Longest = 1024 * 1024;

    /// <summary>How long a question is listened to that begins when its edit's time is up: the last poll does.</summary>
    private static readonly TimeSpan LeastOfQuestion = TimeSpan.FromSeconds(1);

    /// <summary>How long a submission is listened to, however little time its edit has: whether it made a job is known by the answer only.</summary>
    private static readonly TimeSpan LeastOfSubmission = TimeSpan.FromSeconds(10);

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

    /// <summary>Asks until there is an answer that is worth no repetition.</summary>
    /// <param name="operation">The question.</param>
    /// <param name="makeRequest">Makes the request; called once a try.</param>
    /// <param name="notDone">Called when a try provably did nothing: it is to be repeated, or was broken off before its body began.</param>
    /// <param name="deadline">Until when a repetition may begin, and a question is listened to.</param>
    /// <param name="stopped">Breaks off what waits for a turn or for the next try, and has nothing on its way.</param>
    /// <param name="cancellationToken">Breaks off a request.</param>
    /// <param name="take">
    /// Is shown every success, and may read its body as it comes; returns whether it did. What it throws of its own passes through.
    /// </param>
    /// <returns>An answer of the verdict <see cref="ResponseClass.Accept"/>, or to a question about a job <see cref="ResponseClass.JobFailed"/>.</returns>
    /// <exception cref="QwenEditException">Every other verdict, named by its <see cref="QwenEditException.Error"/>.</exception>
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
        ApiResponse answer = await _retry
            .RunAsync(operation, AskAndTellAsync, deadline, stopped)
            .ConfigureAwait(false);
        ResponseClassifier.Row row = ResponseClassifier.LedgerCheck(answer, operation);
        return row.Class == ResponseClass.Accept || (row.Class == ResponseClass.JobFailed && operation == ApiOperation.Job) ? answer : throw ApiErrors.From(row, answer);

        async Task<ApiResponse> AskAndTellAsync()
        {
            long turn = await _limiter.AcquireAsync(operation, deadline, stopped).ConfigureAwait(false);
            ApiResponse once = await AskOnceAsync(operation, makeRequest, notDone, take, LimitOf(operation, deadline), tries++, cancellationToken).ConfigureAwait(false);
            ResponseClass responseClass = ResponseClassifier.LedgerCheck(once, operation).Class;
            TimeSpan? reset = responseClass == ResponseClass.WaitForReset ? RateLimitReset.Delay(once, _time.GetUtcNow()) : null;
            TimeSpan wait = _limiter.Report(turn, responseClass, reset);
            if (responseClass == ResponseClass.WaitForReset)
            {
                Metrics.RateLimitWait.Record(wait.TotalSeconds);
            }

            if (responseClass is ResponseClass.Repeat or ResponseClass.WaitForReset)
            {
                notDone();
            }

            return once with { Wait = wait };
        }
    }

    private TimeSpan LimitOf(ApiOperation operation, Deadline deadline) => operation switch
    {
        // An answer that is the image takes as long as the job, and what is broken off is paid for.
        ApiOperation.Sync => deadline.Span,
        ApiOperation.Submit => deadline.Limit(LeastOfSubmission, _requestTimeout),
        _ => deadline.Limit(LeastOfQuestion, _requestTimeout),
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
        // On .NET Framework the default asks first whether a body is welcome: a round trip for nothing.
        request.Headers.ExpectContinue = false;
        string name = $"{request.Method} {request.RequestUri}";
        var watch = Stopwatch.StartNew();
        using RequestSpan span = new(request.Method.Method, operation.ToString().ToLowerInvariant(), request.RequestUri!, resend: resend);
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(LimitKey, limit);
        try
        {
            ApiResponse answer = await _attempt
                .ExecuteAsync(async running => await SendAsync(operation, name, request, take, running.CancellationToken).ConfigureAwait(false), context)
                .ConfigureAwait(false);
            span.Answered((int)answer.Status);
            _log.Debug($"{name} -> {(int)answer.Status} in {watch.Elapsed.TotalSeconds:0.000} s", new EditEvent("request.answered")
            {
                Status = $"{(int)answer.Status}",
                Seconds = watch.Elapsed.TotalSeconds,
            });
            return answer;
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
                // Cancelled or a defect: either way nothing of it was sent.
                notDone();
            }

            if (!cancellationToken.IsCancellationRequested || !IsOfTheNetwork(exception))
            {
                throw;
            }

            span.Failed(exception);
            // .NET Framework has other names for a read that was cancelled.
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
        foreach (string told in response.Headers.Where(header => header.Value.Any(_secret.IsIn)).Select(header => header.Key).ToArray())
        {
            // Such as for the id of the request.
            response.Headers.Remove(told);
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
        // A proxy in between may show what it was sent.
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
            // The status of a refusal says enough.
            return [];
        }
        catch (Exception exception) when (IsOfTheNetwork(exception) && operation == ApiOperation.Submit && JsonBytes.RequestId(body.ToArray()) is not null)
        {
            // The job is known, and a question about it tells the rest.
        }

        return body.ToArray();
    }

    // A page of the history may have whole images in it.
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
            // A proxy that the system or the environment names, of a kind that .NET does not know.
            or NotSupportedException;
}

/// <summary>An answer that is not read to its end, as it would fill the memory.</summary>
internal sealed class ResponseTooLargeException(string message) : IOException(message);
