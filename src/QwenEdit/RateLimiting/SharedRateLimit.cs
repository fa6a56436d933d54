using QwenEdit.Diagnostics;
using QwenEdit.Journal;

namespace QwenEdit.RateLimiting;

/// <summary>
/// The rate limit as this process knows it, which it shares with all processes of the journal. If the journal can't be written, it goes on alone:
/// jobs that were paid for are still to be received. Not thread-safe.
/// </summary>
/// <param name="store">Where the limit is shared.</param>
/// <param name="most">The most requests in any minute; <see langword="null"/> if the user has set no limit.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Gets a warning if the limit can't be shared.</param>
internal sealed class SharedRateLimit(RateLimitStore store, int? most, TimeProvider time, IEditLog log) : IDisposable
{
    /// <summary>After this time a limit that another process has met or set applies here too, in milliseconds.</summary>
    private const long ReadInterval = 1_000;

    private readonly Queue<long> _unshared = new();
    private RateLimitRecord _known = new(new RateLimitState(), []);
    private long? _readAt;
    private bool _isAlone;

    /// <summary>The time in milliseconds, the same for all processes of the machine.</summary>
    internal long Now => time.GetTimestamp() / (time.TimestampFrequency / 1000);

    /// <summary>Lets a request leave without a turn, if no limit applies.</summary>
    /// <returns>Whether it leaves.</returns>
    internal bool TryPass(out long now)
    {
        ReadShared();
        // After reading, so that a limit which was met just now is not in the future.
        now = Now;
        RateLimitState state = _known.State;
        if (most is not null || RateLimitBackoff.IsActive(state, now) || state.RequestsPerMinuteUntil > now)
        {
            return false;
        }

        // A limit that begins to apply counts this request too.
        _unshared.Enqueue(now);
        while (_unshared.Peek() <= now - SlidingWindow.Length)
        {
            _unshared.Dequeue();
        }

        return true;
    }

    /// <summary>Writes the requests of the last minute that left without a turn, as they count from now on.</summary>
    internal void Share()
    {
        if (_unshared.Count > 0)
        {
            Change((_, _) => 0);
        }
    }

    /// <summary>Takes the next turn, if it has come.</summary>
    /// <returns>The time of the next turn, and the current time. If they are the same, the turn is taken.</returns>
    internal (long Next, long Now) Take() => Change((record, now) =>
    {
        RateLimitState state = record.State;
        bool isSet = state.RequestsPerMinuteUntil > now && state.RequestsPerMinuteUntil <= now + SlidingWindow.Length;
        if (most is { } own && (!isSet || own <= state.RequestsPerMinute))
        {
            record.State = state = state with { RequestsPerMinute = own, RequestsPerMinuteUntil = now + SlidingWindow.Length };
            isSet = true;
        }

        long next = RateLimitBackoff.Next(state, record.Sent, now);
        if (isSet)
        {
            next = Math.Max(next, SlidingWindow.Next(record.Sent, now, state.RequestsPerMinute));
        }

        if (next == now)
        {
            record.Add(now);
        }

        return (next, now);
    });

    /// <summary>The service has accepted a request.</summary>
    internal void Accepted(long turn)
    {
        if (_known.State.Refusals > 0)
        {
            Change((record, _) => record.State = RateLimitBackoff.Accepted(record.State, turn));
        }
    }

    /// <summary>The service has refused a request because of its rate limit.</summary>
    /// <param name="turn">When it left.</param>
    /// <param name="reset">The time until the limit's reset, if the response says so.</param>
    /// <returns>The states before and after.</returns>
    internal (RateLimitState Before, RateLimitState After) Refused(long turn, TimeSpan? reset) => Change((record, now) =>
    {
        RateLimitState state = record.State;
        record.State = RateLimitBackoff.Refused(state, now, turn, reset?.TotalMilliseconds, Numbers.Chance());
        return (state, record.State);
    });

    /// <inheritdoc/>
    public void Dispose() => store.Dispose();

    private void ReadShared()
    {
        long now = Now;
        if (now - _readAt < ReadInterval)
        {
            return;
        }

        _readAt = now;
        if (Try(store.Read, out RateLimitState? state))
        {
            _known.State = state!;
            if (state!.LimitedAt > Now)
            {
                // Of an earlier start of the machine: a change removes it from the journal.
                Change((_, _) => 0);
            }
        }
    }

    private T Change<T>(Func<RateLimitRecord, long, T> change)
    {
        T ShareAndChange(RateLimitRecord record, long now)
        {
            while (_unshared.Count > 0)
            {
                record.Add(_unshared.Dequeue());
            }

            _known = record;
            return change(record, now);
        }

        if (Try(() => store.Change(() => Now, ShareAndChange), out T? shared))
        {
            return shared!;
        }

        long alone = Now;
        _known.Sent.RemoveAll(sent => sent <= alone - SlidingWindow.Length);
        return ShareAndChange(_known, alone);
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
                log.Warning($"The rate limit can't be shared with other processes: {exception.Message}");
            }

            answer = default;
            return false;
        }
    }
}
