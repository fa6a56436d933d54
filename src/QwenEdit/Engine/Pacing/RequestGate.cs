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
    /// <summary>After which time a pause or a promise of another process is heard of.</summary>
    private const long Hearing = 1_000;

    private readonly object _turn = new();
    private readonly List<Waiter> _waiting = [];
    private readonly Queue<long> _untold = new();
    private readonly CancellationTokenSource _end = new();
    private PaceRecord _known = new(new PaceRow(), []);
    private long? _heard;
    private long _next;
    private Task _pump = Task.CompletedTask;
    private bool _isPumping;
    private bool _isAlone;
    private int _strains;

    /// <summary>How often the service was not up to a request: rate limits, errors of its own, silence.</summary>
    internal int Strains => Volatile.Read(ref _strains);

    // Of the machine, and so of all its processes.
    private long Now => time.GetTimestamp() / (time.TimestampFrequency / 1000);

    /// <inheritdoc/>
    public async Task<long> EnterAsync(Route route, Deadline deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter = new(route, deadline);
        lock (_turn)
        {
            long now = Now;
            Hear(now);
            if (IsOpen(now))
            {
                Remember(now);
                return now;
            }

            if (_untold.Count > 0)
            {
                // From now on this process counts with the others, and so does what it sent within the last minute.
                Change((_, _) => 0);
            }

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

            if (!isStrain && _known.Row.Refusals > 0)
            {
                Change((record, _) => record.Row = Governor.Accepted(record.Row, turn));
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
        book.Dispose();
    }

    private bool IsOpen(long now) =>
        most is null && _waiting.Count == 0 && Governor.Pause(_known.Row, now) <= now && _known.Row.PromisedUntil <= now && Governor.Rate(_known.Row, now) is null;

    private void Hear(long now)
    {
        if (now - _heard < Hearing)
        {
            return;
        }

        _heard = now;
        if (Try(book.Read, out PaceRow? row))
        {
            _known.Row = row!;
        }
    }

    private TimeSpan Refused(long turn, TimeSpan? reset)
    {
        (PaceRow before, PaceRow after) = Change((record, now) =>
        {
            PaceRow row = record.Row;
            record.Row = Governor.Refused(row, now, turn, reset?.TotalMilliseconds, record.Sent, Poly.Chance());
            return (row, record.Row);
        });
        TimeSpan wait = TimeSpan.FromMilliseconds(Math.Max(0, after.PausedUntil - Now));
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
        (_next, long now) = Change(Take);
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

    // When it is the next one's turn, and what the time is.
    private (long Next, long Now) Take(PaceRecord record, long now)
    {
        PaceRow row = record.Row;
        bool isPromised = row.PromisedUntil > now && row.PromisedUntil <= now + RequestWindow.Length;
        if (most is { } own && (!isPromised || own <= row.Promise))
        {
            record.Row = row = row with { Promise = own, PromisedUntil = now + RequestWindow.Length };
            isPromised = true;
        }

        long next = Math.Max(now, Governor.Pause(row, now));
        if (isPromised)
        {
            next = Math.Max(next, RequestWindow.Next(record.Sent, now, row.Promise));
        }

        if (Governor.Rate(row, now) is { } rate)
        {
            next = Math.Max(next, RequestWindow.Evenly(record.Sent, rate, atOnce: 1));
        }

        if (next == now)
        {
            record.Add(now);
        }

        return (next, now);
    }

    private void Remember(long now)
    {
        _untold.Enqueue(now);
        while (_untold.Peek() <= now - RequestWindow.Length)
        {
            _untold.Dequeue();
        }
    }

    // Where the journal can't be written, this process goes on by itself: what was paid for is still to be received.
    private T Change<T>(Func<PaceRecord, long, T> change)
    {
        T Told(PaceRecord record, long now)
        {
            while (_untold.Count > 0)
            {
                record.Add(_untold.Dequeue());
            }

            _known = record;
            return change(record, now);
        }

        if (Try(() => book.Change(() => Now, Told), out T? shared))
        {
            return shared!;
        }

        long alone = Now;
        _known.Sent.RemoveAll(sent => sent <= alone - RequestWindow.Length);
        return Told(_known, alone);
    }

    private bool Try<T>(Func<T> ask, out T? answer)
    {
        try
        {
            answer = ask();
            return true;
        }
        catch (QwenEditException exception)
        {
            if (!_isAlone)
            {
                _isAlone = true;
                log.Warning($"The pace of requests can't be shared with other processes: {exception.Message}");
            }

            answer = default;
            return false;
        }
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
