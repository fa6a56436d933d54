using QwenEdit.Journal;

namespace QwenEdit.Engine;

/// <summary>
/// The pace as this process knows it, which it keeps with all processes of the journal. Where the journal can't be written, it goes on by itself:
/// what was paid for is still to be received. One thread at a time may ask.
/// </summary>
/// <param name="book">Where the pace is kept together.</param>
/// <param name="most">The most requests in any minute; <see langword="null"/> for no such promise.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Hears it if the pace can't be shared.</param>
internal sealed class SharedPace(PaceBook book, int? most, TimeProvider time, IEditLog log) : IDisposable
{
    /// <summary>After which time a pause or a promise of another process is heard of.</summary>
    private const long Hearing = 1_000;

    private readonly Queue<long> _untold = new();
    private PaceRecord _known = new(new PaceRow(), []);
    private long? _heard;
    private bool _isAlone;

    /// <summary>The time in milliseconds; of the machine, and so of all its processes.</summary>
    internal long Now => time.GetTimestamp() / (time.TimestampFrequency / 1000);

    /// <summary>Whether there is neither promise nor limit, so that a request need not take a turn.</summary>
    internal bool IsFree(long now)
    {
        Hear(now);
        return most is null && Governor.Pause(_known.Row, now) <= now && _known.Row.PromisedUntil <= now && Governor.Rate(_known.Row, now) is null;
    }

    /// <summary>Remembers a request that left without a turn, for the day that it counts.</summary>
    internal void Passed(long now)
    {
        _untold.Enqueue(now);
        while (_untold.Peek() <= now - RequestWindow.Length)
        {
            _untold.Dequeue();
        }
    }

    /// <summary>From now on this process counts with the others, and so does what it sent within the last minute.</summary>
    internal void Join()
    {
        if (_untold.Count > 0)
        {
            Change((_, _) => 0);
        }
    }

    /// <summary>Takes the next turn, if it has come.</summary>
    /// <returns>When it is the next one's turn, and what the time is: the turn is taken where they are the same.</returns>
    internal (long Next, long Now) Take() => Change((record, now) =>
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
    });

    /// <summary>The service has accepted a request.</summary>
    internal void Accepted(long turn)
    {
        if (_known.Row.Refusals > 0)
        {
            Change((record, _) => record.Row = Governor.Accepted(record.Row, turn));
        }
    }

    /// <summary>The service has refused a request, as there were too many.</summary>
    /// <param name="turn">When it left.</param>
    /// <param name="reset">How long it is until the limit's reset, if the service said so.</param>
    /// <returns>How the pace was, and how it is now.</returns>
    internal (PaceRow Before, PaceRow After) Refused(long turn, TimeSpan? reset) => Change((record, now) =>
    {
        PaceRow row = record.Row;
        record.Row = Governor.Refused(row, now, turn, reset?.TotalMilliseconds, record.Sent, Poly.Chance());
        return (row, record.Row);
    });

    /// <inheritdoc/>
    public void Dispose() => book.Dispose();

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
}
