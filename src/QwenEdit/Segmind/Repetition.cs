using Polly;
using Polly.Retry;

namespace QwenEdit.Segmind;

/// <summary>Repeats what <see cref="AnswerTable"/> allows to be repeated, and pauses in between.</summary>
internal sealed class Repetition
{
    private static readonly ResiliencePropertyKey<Deadline> DeadlineKey = new("QwenEdit.Deadline");

    private readonly ResiliencePipeline<Answer> _submit;
    private readonly ResiliencePipeline<Answer> _job;
    private readonly ResiliencePipeline<Answer> _history;

    /// <summary>Makes the pipelines of the routes.</summary>
    /// <param name="maximumRetryCount">How often a passing fault is tried again, 0 or more. Waiting for a rate limit costs none of them.</param>
    /// <param name="time">The clock of the pauses.</param>
    /// <param name="log">Hears of every pause.</param>
    internal Repetition(int maximumRetryCount, TimeProvider time, IEditLog log)
    {
        _submit = Build(Route.Submit, maximumRetryCount, time, log);
        _job = Build(Route.Job, maximumRetryCount, time, log);
        _history = Build(Route.History, maximumRetryCount, time, log);
    }

    /// <summary>Asks until the answer is worth no repetition, the tries are used up, or a pause would outlast the deadline.</summary>
    internal async Task<Answer> RunAsync(
        Route route, Func<CancellationToken, Task<Answer>> askOnce, Deadline deadline, CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(DeadlineKey, deadline);
        try
        {
            return await (route switch { Route.Submit => _submit, Route.Job => _job, _ => _history })
                .ExecuteAsync(async running => await askOnce(running.CancellationToken).ConfigureAwait(false), context)
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

        // The outer one, so that each wait begins the count of the inner one anew. The caller's time is its only bound, and the next try waits at
        // the gate.
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
                    log, arguments, route == Route.Submit ? "no job was made" : "a question is safe to repeat", arguments.RetryDelay),
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
