using QwenEdit.Diagnostics;
using QwenEdit.Journal;

namespace QwenEdit.Runs;

/// <summary>Tracks a run: its record in the journal, its counters, its log and trace, and the limits of its failures and its duration.</summary>
internal sealed class RunTracker : IDisposable
{
    private readonly RunJournal _journal;
    private readonly RunCounters? _counters;
    private readonly FailureLimit? _failures;
    private readonly SubmissionBreaker _breaker;
    private readonly OutageDetector _outage;
    private readonly TimeProvider _time;
    private readonly IEditLog _log;
    private readonly ITimer? _timer;

    /// <summary>Records the beginning of the run.</summary>
    internal RunTracker(RunJournal journal, RunCounters? counters, RunLimits limits, SubmissionBreaker breaker, TimeProvider time, IEditLog log)
    {
        _journal = journal;
        _counters = counters;
        _failures = limits.Failure;
        _breaker = breaker;
        _outage = new OutageDetector(breaker);
        _time = time;
        _log = log;
        if (counters is not null)
        {
            Id = journal.Begin(counters.Now.Command, counters.Now.StartedAt);
            counters.Journalled(Id.Value);
        }

        if (limits.Duration is { } duration)
        {
            TimeSpan left = duration - (time.GetUtcNow() - (counters?.Now.StartedAt ?? time.GetUtcNow()));
            _timer = time.CreateTimer(_ => IsOver(duration), null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The run's number.</summary>
    internal long? Id { get; }

    /// <summary>Runs an edit, counts its outcome, and logs it.</summary>
    /// <param name="source">The image, or the request id of a job whose image is not known.</param>
    /// <param name="model">The model, if known.</param>
    /// <param name="edit">The work on the edit.</param>
    /// <param name="state">Returns the state of the edit when its work was stopped; <see langword="null"/> if the journal does not have it.</param>
    internal Task<EndedEdit> CountAsync(string source, string? model, Func<Task<EndedEdit>> edit, Func<EditState?> state) => CountAsync(
        source,
        model,
        edit,
        state,
        ended => new Ending(ended.Result?.Status, ended.Error)
        {
            RequestId = ended.Result?.RequestId,
            Destination = ended.Result?.Destination,
            Cost = ended.Result?.Status == EditOutcome.Skipped ? null : ended.Result?.Cost,
        });

    /// <summary>Submits a job that is left at the service, counts the outcome, and logs it.</summary>
    /// <param name="source">The image.</param>
    /// <param name="model">The model.</param>
    /// <param name="submit">The submission.</param>
    /// <param name="state">Returns the state of the edit when its work was stopped; <see langword="null"/> if the journal does not have it.</param>
    internal Task<EditJob> CountAsync(string source, string? model, Func<Task<EditJob>> submit, Func<EditState?> state) =>
        CountAsync(source, model, submit, state, job => new Ending(null, null) { RequestId = job.RequestId, Destination = job.Destination, Cost = job.Cost });

    /// <summary>Records the end of the run.</summary>
    internal void End(EditRun run)
    {
        try
        {
            _journal.End(run);
        }
        catch (QwenEditException)
        {
            // For example, the disk is full. The run then has no end in the journal. Its edits are not affected.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private async Task<T> CountAsync<T>(string source, string? model, Func<Task<T>> work, Func<EditState?> state, Func<T, Ending> tell)
    {
        _counters?.Taken();
        EditSpan span = new(_counters?.Span.Context ?? default, model);
        long begun = _time.GetTimestamp();
        try
        {
            T ended = await work().ConfigureAwait(false);
            Ending end = tell(ended);
            if (end.Error?.InnerException is { } cause && IoErrors.IsDiskFull(cause))
            {
                // Another edit would be paid for, and could not be written.
                _breaker.Trip(end.Error);
            }

            _outage.Ended(end.Outcome, end.Error);
            Count(end.Outcome, end.Error?.Error);
            Tell(source, span, begun, end, end.Error?.Message);
            return ended;
        }
        catch (QwenEditException exception)
        {
            Ending end = new(EditErrorCatalog.Of(exception.Error).WithoutJob, exception);
            _outage.Ended(end.Outcome, exception);
            Count(end.Outcome, exception.Error);
            Tell(source, span, begun, end, exception.Message);
            throw;
        }
        catch (OperationCanceledException)
        {
            _counters?.Left(state());
            Tell(source, span, begun, new Ending(null, null) { IsLeft = true }, "It was left where it was.");
            throw;
        }
        catch (Exception exception)
        {
            Count(EditOutcome.Failed, EditError.UnexpectedError);
            Tell(source, span, begun, new Ending(EditOutcome.Failed, new QwenEditException(EditError.UnexpectedError, exception.Message)), exception.Message);
            throw;
        }
    }

    private void Tell(string source, EditSpan span, long begun, Ending end, string? why)
    {
        TimeSpan duration = _time.GetElapsedTime(begun);
        string status = end switch
        {
            { IsLeft: true } => "Cancelled",
            { Outcome: { } outcome } => outcome.ToString(),
            { Error: { } error } => error.Error == EditError.SubmissionStopped ? "NotSubmitted" : "InvalidInput",
            _ => "Submitted",
        };
        span.End(status, end.Error?.Error, end.RequestId, end.Cost, duration);
        EditEvent what = new("edit.ended")
        {
            Source = source,
            Destination = end.Error is null ? end.Destination : null,
            RequestId = end.RequestId,
            Status = status,
            Seconds = duration.TotalSeconds,
            Cost = end.Cost,
            Error = end.Error?.Error,
        };
        string message = $"{source} is {status} after {duration.TotalSeconds:0.0} s.{(why is null ? "" : " " + why)}";
        if (end.Error is null)
        {
            _log.Verbose(message, what);
        }
        else
        {
            _log.Error(message, what);
        }
    }

    private void Count(EditOutcome? outcome, EditError? error)
    {
        if (_counters is null)
        {
            return;
        }

        EditRun now = _counters.Count(outcome, error);
        if (_failures?.IsReached(RunCounters.Failures(now), RunCounters.Ended(now)) == true)
        {
            _breaker.Trip(new QwenEditException(
                EditError.MaxFailureReached, $"-MaxFailure {_failures} is reached: {RunCounters.Failures(now)} of {RunCounters.Ended(now)} edits have failed."));
        }
    }

    private void IsOver(TimeSpan duration) =>
        _breaker.Trip(new QwenEditException(EditError.MaxDurationReached, $"-MaxDuration {duration:c} is over."));

    private sealed record Ending(EditOutcome? Outcome, QwenEditException? Error)
    {
        internal string? RequestId { get; init; }

        internal string? Destination { get; init; }

        internal decimal? Cost { get; init; }

        internal bool IsLeft { get; init; }
    }
}
