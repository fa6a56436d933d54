using QwenEdit.Diagnostics;
using QwenEdit.Journal;
using QwenEdit.Segmind.Http;

namespace QwenEdit.RateLimiting;

/// <summary>
/// Lets requests leave within the user's <c>-RequestsPerMinute</c> and the service's rate limit. While neither applies, a request leaves at once.
/// Otherwise all processes of the journal take their turns together; within a process, submissions go before the other requests.
/// </summary>
/// <param name="store">Where the limit is shared.</param>
/// <param name="most">The most requests in any minute; <see langword="null"/> if the user has set no limit.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Gets a message when the service's limit is reached.</param>
internal sealed class RequestRateLimiter(RateLimitStore store, int? most, TimeProvider time, IEditLog log) : IRateLimiter, IDisposable
{
    private readonly object _turn = new();
    private readonly SharedRateLimit _limit = new(store, most, time, log);
    private readonly List<Waiter> _waiting = [];
    private readonly CancellationTokenSource _end = new();
    private long _next;
    private Task _pump = Task.CompletedTask;
    private bool _isPumping;

    /// <inheritdoc/>
    public async Task<long> AcquireAsync(ApiOperation operation, Deadline deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter = new(operation, deadline);
        lock (_turn)
        {
            if (_waiting.Count == 0 && _limit.TryPass(out long now))
            {
                return now;
            }

            _limit.Share();
            if (waiter.IsTooLate(_next - _limit.Now))
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
    public TimeSpan Report(long turn, ResponseClass responseClass, TimeSpan? reset)
    {
        lock (_turn)
        {
            if (responseClass == ResponseClass.WaitForReset)
            {
                return Refused(turn, reset);
            }

            if (responseClass is not (ResponseClass.Repeat or ResponseClass.Unknown))
            {
                _limit.Accepted(turn);
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
        _limit.Dispose();
    }

    private TimeSpan Refused(long turn, TimeSpan? reset)
    {
        (RateLimitState before, RateLimitState after) = _limit.Refused(turn, reset);
        TimeSpan wait = TimeSpan.FromMilliseconds(Math.Max(0, after.PausedUntil - _limit.Now));
        if (after.LimitedAt != before.LimitedAt)
        {
            log.Verbose($"The service's rate limit is reached (429): no request is sent for {wait.TotalSeconds:0.0} s, then one every {RateLimitBackoff.Gap} ms.", new EditEvent("rate.limited")
            {
                Seconds = wait.TotalSeconds,
            });
        }

        return wait;
    }

    // One loop takes the turns for all that wait, so that there is one timer.
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
            // The session has ended, and nothing waits any more.
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

    // Returns the milliseconds until the next turn; 0 if a request has left.
    private long LetOneIn()
    {
        (_next, long now) = _limit.Take();
        if (_next > now)
        {
            foreach (Waiter late in _waiting.Where(each => each.IsTooLate(_next - now)))
            {
                late.Turn.TrySetException(TooLate(late.Deadline));
            }

            return _next - now;
        }

        // If the request was cancelled meanwhile, its turn stays taken.
        _waiting.OrderBy(each => each.Operation is ApiOperation.Submit or ApiOperation.Sync ? 0 : 1).First().Turn.TrySetResult(now);
        return 0;
    }

    private QwenEditException TooLate(Deadline deadline) => new(
        EditError.RateLimited,
        most is null
            ? $"The service's rate limit left no room within {deadline.Span.TotalSeconds:0} s."
            : $"At {most} requests a minute there was no room within {deadline.Span.TotalSeconds:0} s.");

    private sealed class Waiter(ApiOperation operation, Deadline deadline)
    {
        internal ApiOperation Operation => operation;

        internal Deadline Deadline => deadline;

        internal TaskCompletionSource<long> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal bool IsTooLate(long milliseconds) => deadline.Left.TotalMilliseconds < milliseconds;
    }
}
