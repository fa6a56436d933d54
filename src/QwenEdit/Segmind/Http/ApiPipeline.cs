using Polly;
using Polly.Retry;
using QwenEdit.Diagnostics;

namespace QwenEdit.Segmind.Http;

/// <summary>
/// Sends requests to one host, within its rate limit. Classifies each response once, and retries the request as far as the classification allows.
/// </summary>
internal sealed class ApiPipeline
{
    /// <summary>
    /// The shortest time limit of a request other than a submission, for one that begins when the edit's time is up, such as the last poll.
    /// </summary>
    private static readonly TimeSpan ShortestLimit = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The shortest time limit of a submission, however little time the edit has left: only the response says whether a job was created.
    /// </summary>
    private static readonly TimeSpan ShortestSubmissionLimit = TimeSpan.FromSeconds(10);

    private static readonly ResiliencePropertyKey<ApiRequest> RequestKey = new("QwenEdit.Request");

    private readonly HttpExchange _exchange;
    private readonly TimeSpan _requestTimeout;
    private readonly IRateLimiter _limiter;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<ApiResponse> _retry;

    /// <summary>Creates a pipeline.</summary>
    /// <param name="http">The client, which has no time limit.</param>
    /// <param name="connection">The connection, with the key.</param>
    /// <param name="limiter">The rate limiter of the host.</param>
    /// <param name="time">The clock for pauses and time limits.</param>
    /// <param name="log">Receives an entry for each request and each pause.</param>
    internal ApiPipeline(HttpClient http, SegmindConnection connection, IRateLimiter limiter, TimeProvider time, IEditLog log)
    {
        _exchange = new HttpExchange(http, connection.ApiKey, time, log);
        _requestTimeout = connection.RequestTimeout;
        _limiter = limiter;
        _time = time;
        _retry = BuildRetry(connection.MaximumRetryCount, time, log);
    }

    /// <summary>
    /// Sends the request until the response is final, the retries are used up, or a retry would begin after the deadline.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Cancels a request under way.</param>
    /// <returns>The last response, of any class. <see cref="ApiResponse.EnsureAccepted"/> throws if it is not the expected one.</returns>
    /// <exception cref="QwenEditException"><see cref="EditError.RateLimited"/>: the rate limiter has no turn before the deadline.</exception>
    internal async Task<ApiResponse> SendAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        int tries = 0;
        ResilienceContext context = ResilienceContextPool.Shared.Get(request.Stopped ?? cancellationToken);
        context.Properties.Set(RequestKey, request);
        try
        {
            return await _retry
                .ExecuteAsync(async waiting => await TryAsync(request, tries++, waiting.CancellationToken, cancellationToken).ConfigureAwait(false), context)
                .ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<ApiResponse> TryAsync(ApiRequest request, int resend, CancellationToken waiting, CancellationToken cancellationToken)
    {
        long turn = await _limiter.AcquireAsync(request.Operation, request.Deadline, waiting).ConfigureAwait(false);
        ApiResponse response = await _exchange.SendAsync(request, LimitOf(request), resend, cancellationToken).ConfigureAwait(false);
        response = response with { Row = ResponseClassifier.Classify(response, request.Operation) };
        bool isLimited = response.Class == ResponseClass.WaitForReset;
        TimeSpan wait = _limiter.Report(turn, response.Class, isLimited ? RateLimitReset.Delay(response, _time.GetUtcNow()) : null);
        if (isLimited)
        {
            Metrics.RateLimitWait.Record(wait.TotalSeconds);
        }

        if (isLimited || response.Class == ResponseClass.Repeat)
        {
            request.NoEffect();
        }

        return response with { Wait = wait };
    }

    private TimeSpan LimitOf(ApiRequest request) => request.Operation switch
    {
        // A response that contains the image takes as long as the job, and a cancelled request is still paid for.
        ApiOperation.Sync => request.Deadline.Span,
        ApiOperation.Submit => request.Deadline.Limit(ShortestSubmissionLimit, _requestTimeout),
        _ => request.Deadline.Limit(ShortestLimit, _requestTimeout),
    };

    private static ResiliencePipeline<ApiResponse> BuildRetry(int maximumRetryCount, TimeProvider time, IEditLog log)
    {
        ResiliencePipelineBuilder<ApiResponse> builder = new() { TimeProvider = time };

        // This is the outer strategy, so that the inner one counts its retries from zero after each wait. Only the caller's deadline limits it, and
        // the next try waits at the rate limiter.
        builder.AddRetry(new RetryStrategyOptions<ApiResponse>
        {
            ShouldHandle = Handles(ResponseClass.WaitForReset),
            MaxRetryAttempts = int.MaxValue,
            Delay = TimeSpan.Zero,
            OnRetry = retry => LogRetry(log, retry, "rate limit", retry.Outcome.Result!.Wait),
        });

        if (maximumRetryCount > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<ApiResponse>
            {
                ShouldHandle = Handles(ResponseClass.Repeat),
                MaxRetryAttempts = maximumRetryCount,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromSeconds(1),
                MaxDelay = TimeSpan.FromSeconds(30),
                OnRetry = retry => LogRetry(
                    log,
                    retry,
                    RequestOf(retry.Context).Operation is ApiOperation.Submit or ApiOperation.Sync ? "no job was made" : "it is safe to repeat",
                    retry.RetryDelay),
            });
        }

        return builder.Build();
    }

    private static Func<RetryPredicateArguments<ApiResponse>, ValueTask<bool>> Handles(ResponseClass responseClass) => retry => new(
        retry.Outcome.Result is { } response && response.Class == responseClass && RequestOf(retry.Context).Deadline.Left > response.Wait);

    private static ApiRequest RequestOf(ResilienceContext context) => context.Properties.GetValue(RequestKey, null!);

    private static ValueTask LogRetry(IEditLog log, OnRetryArguments<ApiResponse> retry, string why, TimeSpan pause)
    {
        ApiResponse response = retry.Outcome.Result!;
        string what = response.Failure == TransportFailure.Not ? $"{(int)response.Status} {response.Message}" : response.Message;
        log.Verbose($"{response.Request}: {what} ({why}). Again in {pause.TotalSeconds:0.0} s.", new EditEvent("request.repeated")
        {
            Status = response.Failure == TransportFailure.Not ? $"{(int)response.Status}" : null,
            Seconds = pause.TotalSeconds,
        });
        return default;
    }
}
