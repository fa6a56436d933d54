using QwenEdit.Journal;

namespace QwenEdit.Engine;

/// <summary>A run on its way: its place in the journal, its counts, and the caps on its failures and its time.</summary>
internal sealed class RunRecord : IDisposable
{
    private readonly RunJournal _journal;
    private readonly RunTally? _tally;
    private readonly FailureCap? _failures;
    private readonly SubmissionBrake _brake;
    private readonly ITimer? _timer;

    /// <summary>Begins the run in the journal.</summary>
    internal RunRecord(RunJournal journal, RunTally? tally, RunCaps caps, SubmissionBrake brake, TimeProvider time)
    {
        _journal = journal;
        _tally = tally;
        _failures = caps.Failure;
        _brake = brake;
        if (tally is not null)
        {
            Id = journal.Begin(tally.Now.Command, tally.Now.StartedAt);
            tally.Journalled(Id.Value);
        }

        if (caps.Duration is { } duration)
        {
            TimeSpan left = duration - (time.GetUtcNow() - (tally?.Now.StartedAt ?? time.GetUtcNow()));
            _timer = time.CreateTimer(_ => IsOver(duration), null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The run's number.</summary>
    internal long? Id { get; }

    /// <summary>Counts what becomes of an edit.</summary>
    internal Task<EndedEdit> CountAsync(Func<Task<EndedEdit>> edit) => CountAsync(edit, ended => (ended.Result?.Status, ended.Error));

    /// <summary>Counts what becomes of a job that is submitted and left.</summary>
    internal Task<EditJob> CountAsync(Func<Task<EditJob>> submit) => CountAsync(submit, _ => (null, null));

    /// <summary>Writes down how the run ended.</summary>
    internal void End(EditRun run)
    {
        try
        {
            _journal.End(run);
        }
        catch (QwenEditException)
        {
            // A full disk, say. The run stays without an end, and its edits are in the journal as far as they came.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private async Task<T> CountAsync<T>(Func<Task<T>> work, Func<T, (EditOutcome? Outcome, QwenEditException? Error)> tell)
    {
        _tally?.Taken();
        try
        {
            T ended = await work().ConfigureAwait(false);
            (EditOutcome? outcome, QwenEditException? error) = tell(ended);
            if (error?.InnerException is { } cause && Poly.IsDiskFull(cause))
            {
                // A further edit would be paid for, with no room for it.
                _brake.Pull(error);
            }

            Count(outcome, error?.Error);
            return ended;
        }
        catch (QwenEditException exception)
        {
            Count(Outcomes.NotSubmitted(exception.Error), exception.Error);
            throw;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Count(EditOutcome.Failed, EditError.UnexpectedError);
            throw;
        }
    }

    private void Count(EditOutcome? outcome, EditError? error)
    {
        if (_tally is null)
        {
            return;
        }

        EditRun now = _tally.Count(outcome, error);
        if (_failures?.IsReached(RunTally.Failures(now), RunTally.Ended(now)) == true)
        {
            _brake.Pull(new QwenEditException(
                EditError.MaxFailureReached, $"-MaxFailure {_failures} is reached: {RunTally.Failures(now)} of {RunTally.Ended(now)} edits have failed."));
        }
    }

    private void IsOver(TimeSpan duration) =>
        _brake.Pull(new QwenEditException(EditError.MaxDurationReached, $"-MaxDuration {duration:c} is over."));
}
