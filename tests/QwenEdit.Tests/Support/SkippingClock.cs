using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace QwenEdit.Tests.Support;

/// <summary>
/// A clock that stands still, except that a pause which somebody begins is over at once, with the clock at its end. So hours of retries and
/// polls take milliseconds, in order. Longer spans are limits, not pauses: they are over when a test advances the clock.
/// </summary>
internal sealed class SkippingClock() : FakeTimeProvider(new DateTimeOffset(2026, 10, 1, 12, 0, 0, TimeSpan.Zero))
{
    /// <summary>What a test gives for a limit that nothing but its own advancing is to reach.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromHours(5);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30);

    private readonly ConcurrentQueue<TimeSpan> _pauses = new();
    private readonly Lock _gate = new();

    /// <summary>The pauses that were made, in order.</summary>
    internal IReadOnlyList<TimeSpan> Pauses => [.. _pauses];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        // What comes again and again is a heartbeat, which nobody waits for.
        // What cancels is a limit, however short.
        if (period == Timeout.InfiniteTimeSpan && state is not CancellationTokenSource && dueTime >= TimeSpan.Zero && dueTime <= LongestPause)
        {
            _pauses.Enqueue(dueTime);
            DateTimeOffset due = GetUtcNow() + dueTime;
            // Not here: the timer's owner does not hold it yet.
            ThreadPool.QueueUserWorkItem(_ => AdvanceTo(due));
        }

        return timer;
    }

    private void AdvanceTo(DateTimeOffset due)
    {
        lock (_gate)
        {
            TimeSpan left = due - GetUtcNow();
            if (left > TimeSpan.Zero)
            {
                Advance(left);
            }
        }
    }
}
