using QwenEdit.Journal;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Runs;

/// <summary>
/// Limits the jobs at the service to what can be received within an hour, because the service keeps a job for an hour. How many that is follows from
/// the fastest of the last ten runs that received twenty images or more. Without such a run there is no limit.
/// </summary>
/// <param name="runs">Has the rate of recent runs, in images per hour.</param>
/// <param name="journal">Counts the jobs at the service.</param>
/// <param name="endpoint">The service.</param>
/// <param name="time">The clock.</param>
/// <param name="breaker">Stops the run when the limit is reached.</param>
internal sealed class JobLimit(RunJournal runs, EditJournal journal, string endpoint, TimeProvider time, SubmissionBreaker breaker)
{
    private readonly object _turn = new();
    private readonly ChangeSignal _ended = new();
    private int? _limit;
    private int _out;
    private int _underWay;

    /// <summary>Submits a job when there is room for one. Waits while submissions under way may still turn out to make no job.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.SubmissionStopped"/>: there is no room; or what <paramref name="submit"/> throws.</exception>
    internal async Task<T> SubmitAsync<T>(Func<Task<T>> submit, CancellationToken cancellationToken)
    {
        bool isJob = false;
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            T job = await submit().ConfigureAwait(false);
            isJob = true;
            return job;
        }
        finally
        {
            Leave(isJob);
        }
    }

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration stopped = cancellationToken.Register(_ended.Raise);
        while (true)
        {
            Task ended = _ended.Next;
            cancellationToken.ThrowIfCancellationRequested();
            breaker.ThrowIfStopped();
            lock (_turn)
            {
                if (HasRoom())
                {
                    _underWay++;
                    return;
                }

                if (_underWay == 0)
                {
                    breaker.Trip(new QwenEditException(
                        EditError.TooManyJobs,
                        $"As many jobs are still to be received as can be at the pace of recent runs ({_limit}) before the service forgets them, an hour after their submission."));
                }
            }

            await (breaker.Cause is null ? ended : Task.CompletedTask).ConfigureAwait(false);
        }
    }

    private void Leave(bool isJob)
    {
        lock (_turn)
        {
            _underWay--;
            _out += isJob ? 1 : 0;
        }

        _ended.Raise();
    }

    private bool HasRoom()
    {
        _limit ??= runs.ReceivedInAnHour() ?? int.MaxValue;
        // Counted again only near the limit: other processes may have received some. Submissions under way may be counted already.
        if (_limit < int.MaxValue && (_out == 0 || _out + _underWay >= _limit))
        {
            _out = journal.CountJobs(endpoint, time.GetUtcNow() - ServiceRetention.JobRecord);
        }

        return _out + _underWay < _limit;
    }
}
