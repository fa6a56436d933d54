using Polly;
using Polly.Retry;

namespace QwenEdit.Segmind;

/// <summary>Repeats what <see cref="AnswerTable"/> allows to be repeated, and pauses in between.</summary>
internal sealed class Repetition
{
    private static readonly ResiliencePropertyKey<Deadline> DeadlineKey = new("QwenEdit.Deadline");

    private readonly Dictionary<Route, ResiliencePipeline<Answer>> _pipelines;

    /// <summary>Makes the pipelines of the routes.</summary>
    /// <param name="maximumRetryCount">How often a passing fault is tried again, 0 or more. Waiting for a rate limit costs none of them.</param>
    /// <param name="time">The clock of the pauses.</param>
    /// <param name="log">Hears of every pause.</param>
    internal Repetition(int maximumRetryCount, TimeProvider time, IEditLog log) => _pipelines = new[] { Route.Submit, Route.Sync, Route.Job, Route.Upload, Route.History }
        .ToDictionary(route => route, route => Build(route, maximumRetryCount, time, log));

    /// <summary>Asks until the answer is worth no repetition, the tries are used up, or a pause would outlast the deadline.</summary>
    /// <param name="route">The question.</param>
    /// <param name="askOnce">Asks; the token does not break it off.</param>
    /// <param name="deadline">Until when a repetition may begin.</param>
    /// <param name="cancellationToken">Breaks off a pause.</param>
    internal async Task<Answer> RunAsync(Route route, Func<Task<Answer>> askOnce, Deadline deadline, CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(DeadlineKey, deadline);
        try
        {
            return await _pipelines[route]
                .ExecuteAsync(async _ => await askOnce().ConfigureAwait(false), context)
                .ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static ResiliencePipeline<Answer> Build(Route route, int maximumRetryCount, TimeProvider time, IEditLog log)
    {
        ResiliencePipelineBuilder<Answer> builder = new() { TimeProvider = time };

        // The outer one, so that each wait begins the count of the inner one anew. The caller's time is its only bound, and the next try waits for
        // its turn at the rate limiter.
        builder.AddRetry(new RetryStrategyOptions<Answer>
        {
            ShouldHandle = Handles(route, Verdict.WaitForReset),
            MaxRetryAttempts = int.MaxValue,
            Delay = TimeSpan.Zero,
            OnRetry = arguments => Say(log, arguments, "rate limit", arguments.Outcome.Result!.Wait),
        });

        if (maximumRetryCount > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<Answer>
            {
                ShouldHandle = Handles(route, Verdict.Repeat),
                MaxRetryAttempts = maximumRetryCount,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromSeconds(1),
                MaxDelay = TimeSpan.FromSeconds(30),
                OnRetry = arguments => Say(
                    log, arguments, route is Route.Submit or Route.Sync ? "no job was made" : "it is safe to repeat", arguments.RetryDelay),
            });
        }

        return builder.Build();
    }

    private static Func<RetryPredicateArguments<Answer>, ValueTask<bool>> Handles(Route route, Verdict verdict) =>
        arguments => new(
            arguments.Outcome.Result is { } answer
            && AnswerTable.Judge(answer, route).Verdict == verdict
            && arguments.Context.Properties.GetValue(DeadlineKey, null!).Left > answer.Wait);

    private static ValueTask Say(IEditLog log, OnRetryArguments<Answer> arguments, string why, TimeSpan pause)
    {
        Answer answer = arguments.Outcome.Result!;
        string what = answer.Broken == Broken.Not ? $"{(int)answer.Status} {answer.Message}" : answer.Message;
        log.Verbose($"{answer.Request}: {what} ({why}). Again in {pause.TotalSeconds:0.0} s.", new EditEvent("request.repeated")
        {
            Status = answer.Broken == Broken.Not ? $"{(int)answer.Status}" : null,
            Seconds = pause.TotalSeconds,
        });
        return default;
    }
}
