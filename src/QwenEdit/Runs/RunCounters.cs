using QwenEdit.Diagnostics;

namespace QwenEdit.Runs;

/// <summary>Counts what becomes of a run's edits, as they end, on whichever thread.</summary>
internal sealed class RunCounters(string command, TimeProvider time)
{
    private readonly object _turn = new();
    private readonly HashSet<EditError> _errors = [];
    private readonly RunSpan _span = new(command);
    private EditRun _run = new() { Command = command, StartedAt = time.GetUtcNow(), ExitCode = ExitCodes.RunAgain };
    private QwenEditException? _ending;

    /// <summary>The run as it stands.</summary>
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

    /// <summary>The run, to those who trace it.</summary>
    internal RunSpan Span => _span;

    /// <summary>How many edits have ended without an image or a job, those aside that another process works on.</summary>
    internal static int Failures(EditRun run) => run.Failed + run.Unknown + run.Expired + run.TimedOut + run.NotReceived;

    /// <summary>How many edits have ended, one way or another.</summary>
    internal static int Ended(EditRun run) => run.Submitted + run.Received + run.Skipped + run.Resumed + run.Busy + Failures(run);

    /// <summary>The run has its place in the journal.</summary>
    internal void Journalled(long runId) => Change(run => run with { RunId = runId });

    /// <summary>An input that can't become an edit.</summary>
    internal void InvalidInput(EditError error)
    {
        lock (_turn)
        {
            _errors.Add(error);
            _run = _run with { Total = _run.Total + 1, InvalidInput = _run.InvalidInput + 1 };
        }
    }

    /// <summary>An image that is the result of an earlier edit, and is no error.</summary>
    internal void LeftOut() => Change(run => run with { Total = run.Total + 1, LeftOut = run.LeftOut + 1 });

    /// <summary>An image that was not submitted any more.</summary>
    internal void NotSubmitted() => Change(run => run with { Total = run.Total + 1, NotSubmitted = run.NotSubmitted + 1 });

    /// <summary>An input has been taken, and will be one of those that <see cref="Count"/> hears of.</summary>
    internal void Taken() => Change(run => run with { Total = run.Total + 1 });

    /// <summary>A job was seen completed for the first time.</summary>
    internal void Paid(decimal? cost, decimal? remainingCredits)
    {
        Change(run => run with { Cost = run.Cost + (cost ?? 0), RemainingCredits = remainingCredits ?? run.RemainingCredits });
        if (cost > 0)
        {
            Metrics.Cost.Add((double)cost.Value);
        }
    }

    /// <summary>An input that was taken has ended.</summary>
    /// <param name="outcome">What became of it; <see langword="null"/> for a job that was submitted and left, or for one that never became one.</param>
    /// <param name="error">What it met, if anything.</param>
    /// <returns>The run as it stands with it.</returns>
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

    /// <summary>An input that was taken is left where it is, as the call is stopped.</summary>
    /// <param name="state">The state of its edit in the journal; <see langword="null"/> if it has none.</param>
    internal void Left(EditState? state) => Change(run => state switch
    {
        EditState.Queued or EditState.Processing or EditState.Completed or EditState.Received => run with { Submitted = run.Submitted + 1 },
        EditState.Submitting or EditState.Unknown => run with { Unknown = run.Unknown + 1 },
        EditState.Expired => run with { Expired = run.Expired + 1 },
        _ => run with { NotSubmitted = run.NotSubmitted + 1 },
    });

    /// <summary>An error ends the whole call.</summary>
    internal void EndedBy(QwenEditException error) => _ending ??= error;

    /// <summary>The run has ended.</summary>
    /// <param name="breaker">What stopped submitting, if anything did.</param>
    /// <param name="completed">Whether the call came to its end by itself.</param>
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

            // A limit that kept nothing back has stopped nothing.
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
