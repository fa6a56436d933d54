using QwenEdit.Journal;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Runs;

/// <summary>
/// Keeps jobs from being submitted that would be forgotten before they can be received. The service knows a job for an hour; the pace is the
/// best of the last ten runs that received twenty images or more, received images by the run's duration. With no such run, there is no limit.
/// </summary>
/// <param name="runs">Says the pace, in images an hour.</param>
/// <param name="journal">Counts the jobs that are out.</param>
/// <param name="endpoint">Where they are.</param>
/// <param name="time">The clock.</param>
/// <param name="breaker">Stops the run when there are as many as can be received.</param>
internal sealed class JobLimit(RunJournal runs, EditJournal journal, string endpoint, TimeProvider time, SubmissionBreaker breaker)
{
    private readonly object _turn = new();
    private readonly ChangeSignal _ended = new();
    private int? _limit;
    private int _out;
    private int _underWay;

    /// <summary>
    /// Takes room for one more job, until its submission has ended. Waits where those under way might still leave some: not each makes a job.
    /// </summary>
    /// <exception cref="QwenEditException"><see cref="EditError.SubmissionStopped"/>: there is none.</exception>
    internal async Task EnterAsync(CancellationToken cancellationToken)
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

    /// <summary>A submission has ended.</summary>
    /// <param name="isJob">Whether there may be a job now.</param>
    internal void Leave(bool isJob)
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
        // Counted anew only where it matters: meanwhile, others may have received some. Those under way may be among them already.
        if (_limit < int.MaxValue && (_out == 0 || _out + _underWay >= _limit))
        {
            _out = journal.CountJobs(endpoint, time.GetUtcNow() - ServiceRetention.JobRecord);
        }

        return _out + _underWay < _limit;
    }
}
