using QwenEdit.Journal;
using QwenEdit.RateLimiting;

namespace QwenEdit.Tests.RateLimiting;

/// <summary>A service that accepts so many requests in each fixed window, and a client with work for several requests at once, millisecond by millisecond.</summary>
/// <param name="limit">Requests per window.</param>
/// <param name="window">The window's length, in milliseconds.</param>
/// <param name="atOnce">How many requests want to be sent at once.</param>
/// <param name="latency">The time from a request's turn to the handling of its response, in milliseconds.</param>
internal sealed class RateLimitSimulation(int limit, long window, int atOnce, long latency)
{
    // What the client adds to the service's time of reset.
    private const long Margin = 1_000;

    private readonly Queue<(long At, long Turn, bool IsAccepted)> _responses = new();
    private readonly Dictionary<long, int> _used = [];
    private RateLimitState _state = new();
    private long _now = 1;

    /// <summary>When requests left.</summary>
    internal List<long> Turns { get; } = [];

    /// <summary>How many requests were refused, by window.</summary>
    internal Dictionary<long, int> Refused { get; } = [];

    /// <summary>How many requests were accepted, by window.</summary>
    internal IReadOnlyDictionary<long, int> Accepted => _used;

    /// <summary>When the client learned of a refusal, and until when it sends nothing after it.</summary>
    internal List<(long From, long Until)> Pauses { get; } = [];

    /// <summary>Sends until so many requests are accepted, or until a time.</summary>
    /// <returns>The time.</returns>
    internal long Run(int requests, long until = long.MaxValue)
    {
        int waiting = Math.Min(atOnce, requests);
        int left = requests - waiting;
        int accepted = 0;
        for (; accepted < requests && _now < until; _now++)
        {
            while (_responses.TryPeek(out (long At, long Turn, bool IsAccepted) response) && response.At <= _now)
            {
                _responses.Dequeue();
                if (!response.IsAccepted)
                {
                    _state = RateLimitBackoff.Refused(_state, _now, response.Turn, window - (_now % window) + Margin, 0.5);
                    Pauses.Add((_now, _state.PausedUntil));
                    waiting++;
                    continue;
                }

                _state = RateLimitBackoff.Accepted(_state, response.Turn);
                accepted++;
                waiting += left > 0 ? 1 : 0;
                left -= left > 0 ? 1 : 0;
            }

            while (waiting > 0 && RateLimitBackoff.Next(_state, Turns, _now) == _now)
            {
                waiting--;
                Turns.Add(_now);
                _responses.Enqueue((_now + latency, _now, Arrive(_now + (latency / 2))));
            }
        }

        return _now;
    }

    private bool Arrive(long at)
    {
        long current = at / window;
        int used = _used.GetValueOrDefault(current);
        bool isAccepted = used < limit;
        Dictionary<long, int> counts = isAccepted ? _used : Refused;
        counts[current] = counts.GetValueOrDefault(current) + 1;
        return isAccepted;
    }
}
