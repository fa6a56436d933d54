namespace QwenEdit.Emulator;

/// <summary>The emulator's time: the time of a <see cref="TimeProvider"/>, plus what tests have moved it ahead.</summary>
public sealed class EmulatorClock
{
    private readonly TimeProvider time;
    private readonly Lock admission = new();
    private TimeSpan ahead;
    private TaskCompletionSource moved = NewSignal();

    internal EmulatorClock(TimeProvider time) => this.time = time;

    /// <summary>The time, in UTC, for jobs, retention, rate windows and the history.</summary>
    public DateTimeOffset Now
    {
        get
        {
            lock (admission)
            {
                return time.GetUtcNow() + ahead;
            }
        }
    }

    /// <summary>How far the clock has been moved ahead.</summary>
    public TimeSpan Ahead
    {
        get
        {
            lock (admission)
            {
                return ahead;
            }
        }
    }

    /// <summary>Moves the clock forward. Waits that end before the new time end at once.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Set(Ahead + by);
    }

    internal void Reset() => Set(TimeSpan.Zero);

    internal long Ticks => Now.UtcTicks;

    internal async Task WaitUntilAsync(long ticks, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task signal;
            TimeSpan left;
            lock (admission)
            {
                signal = moved.Task;
                left = TimeSpan.FromTicks(ticks - (time.GetUtcNow() + ahead).UtcTicks);
            }
            if (left <= TimeSpan.Zero)
            {
                return;
            }
            using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            // Timers can't be set further than 49 days ahead, and are rounded down to a millisecond.
            var timer = Task.Delay(TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(left.TotalMilliseconds), 1e9)), time, done.Token);
            await Task.WhenAny(timer, signal);
            await done.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private void Set(TimeSpan value)
    {
        TaskCompletionSource old;
        lock (admission)
        {
            ahead = value;
            (old, moved) = (moved, NewSignal());
        }
        old.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
