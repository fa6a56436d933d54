using Polly;
using Polly.Retry;
using QwenEdit.Diagnostics;

namespace QwenEdit.Segmind.Http;

/// <summary>Retries requests as far as <see cref="ResponseClassifier"/> allows, with pauses in between.</summary>
internal sealed class RetryPolicy
{
    private static readonly ResiliencePropertyKey<Deadline> DeadlineKey = new("QwenEdit.Deadline");

    private readonly Dictionary<ApiOperation, ResiliencePipeline<ApiResponse>> _pipelines;

    /// <summary>Creates a pipeline for each kind of request.</summary>
    /// <param name="maximumRetryCount">How often a temporary error is retried, 0 or more. Waiting for a rate limit does not count.</param>
    /// <param name="time">The clock for the pauses.</param>
    /// <param name="log">Receives an entry for each pause.</param>
    internal RetryPolicy(int maximumRetryCount, TimeProvider time, IEditLog log) => _pipelines = new[] { ApiOperation.Submit, ApiOperation.Sync, ApiOperation.Job, ApiOperation.Upload, ApiOperation.History }
        .ToDictionary(operation => operation, operation => Build(operation, maximumRetryCount, time, log));

    /// <summary>Sends the request until the response is final, the retries are used up, or a pause would end after the deadline.</summary>
    /// <param name="operation">The kind of request.</param>
    /// <param name="askOnce">Sends the request once. The token does not cancel it.</param>
    /// <param name="deadline">The latest time for a retry to begin.</param>
    /// <param name="cancellationToken">Cancels a pause.</param>
    internal async Task<ApiResponse> RunAsync(ApiOperation operation, Func<Task<ApiResponse>> askOnce, Deadline deadline, CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(DeadlineKey, deadline);
        try
        {
            return await _pipelines[operation]
                .ExecuteAsync(async _ => await askOnce().ConfigureAwait(false), context)
                .ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static ResiliencePipeline<ApiResponse> Build(ApiOperation operation, int maximumRetryCount, TimeProvider time, IEditLog log)
    {
        ResiliencePipelineBuilder<ApiResponse> builder = new() { TimeProvider = time };

        // This is the outer strategy, so that the inner one counts its retries from zero after each wait. Only the caller's deadline limits it, and
        // the next try waits at the rate limiter.
        builder.AddRetry(new RetryStrategyOptions<ApiResponse>
        {
            ShouldHandle = Handles(operation, ResponseClass.WaitForReset),
            MaxRetryAttempts = int.MaxValue,
            Delay = TimeSpan.Zero,
            OnRetry = arguments => LogRetry(log, arguments, "rate limit", arguments.Outcome.Result!.Wait),
        });

        if (maximumRetryCount > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<ApiResponse>
            {
                ShouldHandle = Handles(operation, ResponseClass.Repeat),
                MaxRetryAttempts = maximumRetryCount,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromSeconds(1),
                MaxDelay = TimeSpan.FromSeconds(30),
                OnRetry = arguments => LogRetry(
                    log, arguments, operation is ApiOperation.Submit or ApiOperation.Sync ? "no job was made" : "it is safe to repeat", arguments.RetryDelay),
            });
        }

        return builder.Build();
    }

    private static Func<RetryPredicateArguments<ApiResponse>, ValueTask<bool>> Handles(ApiOperation operation, ResponseClass responseClass) =>
        arguments => new(
            arguments.Outcome.Result is { } response
            && ResponseClassifier.Classify(response, operation).Class == responseClass
            && arguments.Context.Properties.GetValue(DeadlineKey, null!).Left > response.Wait);

    private static ValueTask LogRetry(IEditLog log, OnRetryArguments<ApiResponse> arguments, string why, TimeSpan pause)
    {
        ApiResponse response = arguments.Outcome.Result!;
        string what = response.Failure == TransportFailure.Not ? $"{(int)response.Status} {response.Message}" : response.Message;
        log.Verbose($"{response.Request}: {what} ({why}). Again in {pause.TotalSeconds:0.0} s.", new EditEvent("request.repeated")
        {
            Status = response.Failure == TransportFailure.Not ? $"{(int)response.Status}" : null,
            Seconds = pause.TotalSeconds,
        });
        return default;
    }
}
