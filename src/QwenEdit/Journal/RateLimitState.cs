namespace QwenEdit.Journal;

/// <summary>
/// What all processes of a journal know of the rate limit at one host for one account. Times are milliseconds of the machine's monotonic clock,
/// which does not change with the date. After a restart of the machine, older times can be in the future.
/// </summary>
internal sealed record RateLimitState
{
    /// <summary>When the service last refused a request because of its rate limit; 0 if it never did.</summary>
    internal long LimitedAt { get; init; }

    /// <summary>No request is sent before this time.</summary>
    internal long PausedUntil { get; init; }

    /// <summary>The number of consecutive refusals without a time of reset.</summary>
    internal int Refusals { get; init; }

    /// <summary>The lowest <c>-RequestsPerMinute</c> of the calls that are running.</summary>
    internal int RequestsPerMinute { get; init; }

    /// <summary>Until when <see cref="RequestsPerMinute"/> applies to all processes, unless a call renews it.</summary>
    internal long RequestsPerMinuteUntil { get; init; }

    /// <summary>Removes the service's limit if its time is in the future, as it is then from before a restart of the machine.</summary>
    internal RateLimitState WithoutEarlierStart(long now) =>
        LimitedAt > now ? this with { LimitedAt = 0, PausedUntil = 0, Refusals = 0 } : this;
}

/// <summary>The state of a rate limit, and the requests that left within its window.</summary>
internal sealed class RateLimitRecord(RateLimitState state, List<long> sent)
{
    /// <summary>The state; a new one is written to the journal.</summary>
    internal RateLimitState State { get; set; } = state;

    /// <summary>When requests left, the earliest first.</summary>
    internal List<long> Sent { get; } = sent;

    /// <summary>Those of <see cref="Sent"/> that are not in the journal yet.</summary>
    internal List<long> Added { get; } = [];

    /// <summary>Adds a request that leaves, or has left.</summary>
    internal void Add(long at)
    {
        int after = Sent.Count;
        while (after > 0 && Sent[after - 1] > at)
        {
            after--;
        }

        Sent.Insert(after, at);
        Added.Add(at);
    }
}
