namespace QwenEdit.Emulator.Jobs;

/// <summary>
/// When jobs start and finish. This is known when they are accepted, because workers serve them in order and the time of each is drawn at random. A state
/// then depends only on the clock, which tests can move, and needs no timers.
/// </summary>
internal sealed class JobSchedule(EmulatorOptions options)
{
    // Also with a free worker, a job is queued for a tenth of its time, at most half a second.
    private const double LeastShareQueued = 0.1;

    private readonly Random random = new(options.RandomSeed);
    private readonly PriorityQueue<int, long> free = Free(options.Workers);

    /// <returns>When the job starts and finishes, in ticks.</returns>
    public (long Started, long Finished) Book(long accepted, TestPrompt prompt)
    {
        if (prompt.Words.HasFlag(TestPrompts.Queued))
        {
            return (long.MaxValue, long.MaxValue);
        }
        var total = prompt.Duration ?? DrawLatency();
        var queued = TimeSpan.FromTicks(Math.Min((total * LeastShareQueued).Ticks, TimeSpan.TicksPerSecond / 2));
        var started = accepted + queued.Ticks;
        var work = (total - queued).Ticks;
        if (prompt.Words.HasFlag(TestPrompts.Processing))
        {
            return (started, long.MaxValue);
        }
        if (free.Count == 0)
        {
            return (started, started + work);
        }
        free.TryPeek(out var worker, out var since);
        started = Math.Max(started, since);
        free.DequeueEnqueue(worker, started + work);
        return (started, started + work);
    }

    private TimeSpan DrawLatency()
    {
        if (options.LatencySpread == 0)
        {
            return options.Latency;
        }
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return options.Latency * Math.Exp(options.LatencySpread * normal);
    }

    private static PriorityQueue<int, long> Free(int workers) => new(Enumerable.Range(0, workers).Select(worker => (worker, 0L)));
}
