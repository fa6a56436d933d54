using Polly;
using Polly.Retry;
using QwenEdit.Diagnostics;

namespace QwenEdit.Segmind.Http;

/// <summary>Repeats what <see cref="ResponseClassifier"/> allows to be repeated, and pauses in between.</summary>
internal sealed class RetryPolicy
{
    private static readonly ResiliencePropertyKey<Deadline> DeadlineKey = new("QwenEdit.Deadline");

    private readonly Dictionary<ApiOperation, ResiliencePipeline<ApiResponse>> _pipelines;

    /// <summary>Makes the pipelines of the routes.</summary>
    /// <param name="maximumRetryCount">How often a passing fault is tried again, 0 or more. Waiting for a rate limit costs none of them.</param>
    /// <param name="time">The clock of the pauses.</param>
    /// <param name="log">Hears of every pause.</param>
    internal RetryPolicy(int maximumRetryCount, TimeProvider time, IEditLog log) => _pipelines = new[] { ApiOperation.Submit, ApiOperation.Sync, ApiOperation.Job, ApiOperation.Upload, ApiOperation.History }
        .ToDictionary(operation => operation, operation => Build(operation, maximumRetryCount, time, log));

    /// <summary>Asks until the answer is worth no repetition, the tries are used up, or a pause would outlast the deadline.</summary>
    /// <param name="operation">The question.</param>
    /// <param name="askOnce">Asks; the token does not break it off.</param>
    /// <param name="deadline">Until when a repetition may begin.</param>
    /// <param name="cancellationToken">Breaks off a pause.</param>
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

        // The outer one, so that each wait begins the count of the inner one anew. The caller's time is its only bound, and the next try waits for
        // its turn at the rate limiter.
        builder.AddRetry(new RetryStrategyOptions<ApiResponse>
        {
            ShouldHandle = Handles(operation, ResponseClass.WaitForReset),
            MaxRetryAttempts = int.MaxValue,
            Delay = TimeSpan.Zero,
            OnRetry = arguments => Say(log, arguments, "rate limit", arguments.Outcome.Result!.Wait),
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
                OnRetry = arguments => Say(
                    log, arguments, operation is ApiOperation.Submit or ApiOperation.Sync ? "no job was made" : "it is safe to repeat", arguments.RetryDelay),
            });
        }

        return builder.Build();
    }

    private static Func<RetryPredicateArguments<ApiResponse>, ValueTask<bool>> Handles(ApiOperation operation, ResponseClass responseClass) =>
        arguments => new(
            arguments.Outcome.Result is { } answer
            && ResponseClassifier.LedgerCheck(answer, operation).Class == responseClass
            && arguments.Context.Properties.GetValue(DeadlineKey, null!).Left > answer.Wait);

    private static ValueTask Say(IEditLog log, OnRetryArguments<ApiResponse> arguments, string why, TimeSpan pause)
    {
        ApiResponse answer = arguments.Outcome.Result!;
        string what = answer.Failure == TransportFailure.Not ? $"{(int)answer.Status} {answer.Message}" : answer.Message;
        log.Verbose($"{answer.Request}: {what} ({why}). Again in {pause.TotalSeconds:0.0} s.", new EditEvent("request.repeated")
        {
            Status = answer.Failure == TransportFailure.Not ? $"{(int)answer.Status}" : null,
            Seconds = pause.TotalSeconds,
        });
        return default;
    }
}
