using QwenEdit.Journal;
using QwenEdit.Segmind;

namespace QwenEdit.Engine;

/// <summary>
/// Lets requests leave at the pace that the user has promised, or that the service bears. While there is neither promise nor limit, a request
/// passes at once; otherwise all processes of the journal take their turns from one book, submissions before the rest within each.
/// </summary>
/// <param name="book">Where the pace is kept together.</param>
/// <param name="most">The most requests in any minute; <see langword="null"/> for no such promise.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Hears of limits.</param>
internal sealed class RequestGate(PaceBook book, int? most, TimeProvider time, IEditLog log) : IRequestGate, IDisposable
{
    private readonly object _turn = new();
    private readonly SharedPace _pace = new(book, most, time, log);
    private readonly List<Waiter> _waiting = [];
    private readonly CancellationTokenSource _end = new();
    private long _next;
    private Task _pump = Task.CompletedTask;
    private bool _isPumping;
    private int _strains;

    /// <summary>How often the service was not up to a request: rate limits, errors of its own, silence.</summary>
    internal int Strains => Volatile.Read(ref _strains);

    /// <inheritdoc/>
    public async Task<long> EnterAsync(Route route, Deadline deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter = new(route, deadline);
        lock (_turn)
        {
            long now = _pace.Now;
            if (_pace.IsFree(now) && _waiting.Count == 0)
            {
                _pace.Passed(now);
                return now;
            }

            _pace.Join();
            if (waiter.IsTooLate(_next - now))
            {
                throw TooLate(deadline);
            }

            _waiting.Add(waiter);
            if (!_isPumping)
            {
                _isPumping = true;
                _pump = Task.Run(PumpAsync, CancellationToken.None);
            }
        }

        using (cancellationToken.Register(() => waiter.Turn.TrySetCanceled(cancellationToken)))
        {
            return await waiter.Turn.Task.ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public TimeSpan Answered(long turn, Verdict verdict, TimeSpan? reset)
    {
        bool isStrain = verdict is Verdict.Repeat or Verdict.WaitForReset or Verdict.Unknown;
        if (isStrain)
        {
            Interlocked.Increment(ref _strains);
        }

        lock (_turn)
        {
            if (verdict == Verdict.WaitForReset)
            {
                return Refused(turn, reset);
            }

            if (!isStrain)
            {
                _pace.Accepted(turn);
            }
        }

        return TimeSpan.Zero;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _pump.Wait();
        _end.Dispose();
        _pace.Dispose();
    }

    private TimeSpan Refused(long turn, TimeSpan? reset)
    {
        (PaceRow before, PaceRow after) = _pace.Refused(turn, reset);
        TimeSpan wait = TimeSpan.FromMilliseconds(Math.Max(0, after.PausedUntil - _pace.Now));
        if (after.LimitedAt != before.LimitedAt)
        {
            log.Verbose($"The service's rate limit is met: nothing is sent for {wait.TotalSeconds:0.0} s, then at most {after.Rate:0} requests a minute.", new EditEvent("rate.limited")
            {
                Seconds = wait.TotalSeconds,
            });
        }

        return wait;
    }

    // One at a time takes turns for all who wait, so that there is one timer.
    private async Task PumpAsync()
    {
        try
        {
            while (true)
            {
                long pause;
                lock (_turn)
                {
                    _waiting.RemoveAll(each => each.Turn.Task.IsCompleted);
                    if (_waiting.Count == 0)
                    {
                        _isPumping = false;
                        return;
                    }

                    pause = LetOneIn();
                }

                if (pause > 0)
                {
                    await time.Pause(TimeSpan.FromMilliseconds(pause), _end.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The session has ended, and nobody waits any more.
        }
        catch (Exception exception)
        {
            lock (_turn)
            {
                _isPumping = false;
                _waiting.ForEach(each => each.Turn.TrySetException(exception));
            }
        }
    }

    // Or returns how long it is until one may.
    private long LetOneIn()
    {
        (_next, long now) = _pace.Take();
        if (_next > now)
        {
            foreach (Waiter late in _waiting.Where(each => each.IsTooLate(_next - now)))
            {
                late.Turn.TrySetException(TooLate(late.Deadline));
            }

            return _next - now;
        }

        // A turn that nobody wants any more stays taken.
        _waiting.OrderBy(each => each.Route is Route.Submit or Route.Sync ? 0 : 1).First().Turn.TrySetResult(now);
        return 0;
    }

    private QwenEditException TooLate(Deadline deadline) => new(
        EditError.RateLimited,
        most is null
            ? $"The service's rate limit left no room within {deadline.Span.TotalSeconds:0} s."
            : $"At {most} requests a minute there was no room within {deadline.Span.TotalSeconds:0} s.");

    private sealed class Waiter(Route route, Deadline deadline)
    {
        internal Route Route => route;

        internal Deadline Deadline => deadline;

        internal TaskCompletionSource<long> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal bool IsTooLate(long milliseconds) => deadline.Left.TotalMilliseconds < milliseconds;
    }
}
