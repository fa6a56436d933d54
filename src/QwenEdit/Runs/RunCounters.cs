using QwenEdit.Diagnostics;

namespace QwenEdit.Runs;

/// <summary>Counts the outcomes of a run's edits. Safe for several threads.</summary>
internal sealed class RunCounters(string command, TimeProvider time)
{
    private readonly object _turn = new();
    private readonly HashSet<EditError> _errors = [];
    private readonly RunSpan _span = new(command);
    private EditRun _run = new() { Command = command, StartedAt = time.GetUtcNow(), ExitCode = ExitCodes.RunAgain };
    private QwenEditException? _ending;

    /// <summary>The run with its current counts.</summary>
    internal EditRun Now
    {
        get
        {
            lock (_turn)
            {
                return _run;
            }
        }
    }

    /// <summary>The trace of the run.</summary>
    internal RunSpan Span => _span;

    /// <summary>The number of edits that ended without an image or a job. Edits that another process is working on don't count.</summary>
    internal static int Failures(EditRun run) => run.Failed + run.Unknown + run.Expired + run.TimedOut + run.NotReceived;

    /// <summary>The number of edits that have ended.</summary>
    internal static int Ended(EditRun run) => run.Submitted + run.Received + run.Skipped + run.Resumed + run.Busy + Failures(run);

    /// <summary>Sets the number of the run in the journal.</summary>
    internal void Journalled(long runId) => Change(run => run with { RunId = runId });

    /// <summary>Counts an input that can't become an edit.</summary>
    internal void InvalidInput(EditError error)
    {
        lock (_turn)
        {
            _errors.Add(error);
            _run = _run with { Total = _run.Total + 1, InvalidInput = _run.InvalidInput + 1 };
        }
    }

    /// <summary>Counts an image that is the result of an earlier edit. That is not an error.</summary>
    internal void LeftOut() => Change(run => run with { Total = run.Total + 1, LeftOut = run.LeftOut + 1 });

    /// <summary>Counts an image that was not submitted because submitting was stopped.</summary>
    internal void NotSubmitted() => Change(run => run with { Total = run.Total + 1, NotSubmitted = run.NotSubmitted + 1 });

    /// <summary>Counts an input on which work begins. <see cref="Count"/> or <see cref="Left"/> follows.</summary>
    internal void Taken() => Change(run => run with { Total = run.Total + 1 });

    /// <summary>Adds the cost of a job that was seen completed for the first time.</summary>
    internal void Paid(decimal? cost, decimal? remainingCredits)
    {
        Change(run => run with { Cost = run.Cost + (cost ?? 0), RemainingCredits = remainingCredits ?? run.RemainingCredits });
        if (cost > 0)
        {
            Metrics.Cost.Add((double)cost.Value);
        }
    }

    /// <summary>Counts the end of the work on an input.</summary>
    /// <param name="outcome">The outcome; <see langword="null"/> for a job that was left at the service, or for an input that is not an edit.</param>
    /// <param name="error">The error, if there was one.</param>
    /// <returns>The run with its new counts.</returns>
    internal EditRun Count(EditOutcome? outcome, EditError? error) => Change(run =>
    {
        switch (error)
        {
            case EditError.SubmissionStopped:
                return run with { NotSubmitted = run.NotSubmitted + 1 };
            case { } met:
                _errors.Add(met);
                break;
        }

        return outcome switch
        {
            EditOutcome.Received => run with { Received = run.Received + 1 },
            EditOutcome.Skipped => run with { Skipped = run.Skipped + 1 },
            EditOutcome.Resumed => run with { Resumed = run.Resumed + 1 },
            EditOutcome.Failed => run with { Failed = run.Failed + 1 },
            EditOutcome.Unknown => run with { Unknown = run.Unknown + 1 },
            EditOutcome.Expired => run with { Expired = run.Expired + 1 },
            EditOutcome.TimedOut => run with { TimedOut = run.TimedOut + 1 },
            EditOutcome.NotReceived => run with { NotReceived = run.NotReceived + 1 },
            EditOutcome.Busy => run with { Busy = run.Busy + 1 },
            _ when error is null => run with { Submitted = run.Submitted + 1 },
            _ => run with { InvalidInput = run.InvalidInput + 1 },
        };
    });

    /// <summary>Counts an input whose work was stopped with the call.</summary>
    /// <param name="state">The state of its edit in the journal; <see langword="null"/> if it has none.</param>
    internal void Left(EditState? state) => Change(run => state switch
    {
        EditState.Queued or EditState.Processing or EditState.Completed or EditState.Writing or EditState.Received => run with { Submitted = run.Submitted + 1 },
        EditState.Submitting or EditState.Unknown => run with { Unknown = run.Unknown + 1 },
        EditState.Expired => run with { Expired = run.Expired + 1 },
        _ => run with { NotSubmitted = run.NotSubmitted + 1 },
    });

    /// <summary>Records the error that ends the whole call.</summary>
    internal void EndedBy(QwenEditException error) => _ending ??= error;

    /// <summary>Ends the run.</summary>
    /// <param name="breaker">May have stopped submitting.</param>
    /// <param name="completed">Whether the call was not stopped.</param>
    internal EditRun End(QwenEditException? breaker, bool completed)
    {
        lock (_turn)
        {
            QwenEditException? cause = _ending ?? breaker;
            EditErrorInfo? info = cause is null ? null : EditErrorCatalog.Of(cause.Error);
            if (info is { IsLimit: false })
            {
                _errors.Add(info.Error);
            }

            // A limit that was reached by the last edit has stopped nothing.
            EditRunStop? stop = (info is { IsLimit: true } && _run.NotSubmitted == 0 ? null : info?.Stop?.Reason)
                ?? (completed || _ending is not null ? null : EditRunStop.Cancelled);
            _run = _run with
            {
                Status = EditRunStatus.Ended,
                EndedAt = time.GetUtcNow(),
                StoppedBy = stop,
                ExitCode = ExitCodes.Of(_errors, stop),
            };
            _span.End(_run);
            return _run;
        }
    }

    private EditRun Change(Func<EditRun, EditRun> change)
    {
        lock (_turn)
        {
            return _run = change(_run);
        }
    }
}
