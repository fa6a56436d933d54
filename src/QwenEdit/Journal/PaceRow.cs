namespace QwenEdit.Journal;

/// <summary>
/// What all processes of a journal know of the pace at one host for one account. Times are milliseconds of the machine's monotonic clock, which no
/// change of the date disturbs; those of an earlier start of the machine are of no use, and do no harm.
/// </summary>
internal sealed record PaceRow
{
    /// <summary>Nothing is sent before.</summary>
    internal long PausedUntil { get; init; }

    /// <summary>How often in a row the service refused without saying for how long.</summary>
    internal int Refusals { get; init; }

    /// <summary>When the service's rate limit was met last; 0 if it never was.</summary>
    internal long LimitedAt { get; init; }

    /// <summary>How many requests the service had accepted in the minute when it was met.</summary>
    internal int Met { get; init; }

    /// <summary>The requests per minute to go on with after the pause; 0 for as many as there are.</summary>
    internal double Rate { get; init; }

    /// <summary>The least number of requests per minute that a call has promised its user.</summary>
    internal int Promise { get; init; }

    /// <summary>Until when the promise holds for all, unless it is renewed.</summary>
    internal long PromisedUntil { get; init; }
}

/// <summary>A pace, and the requests that left within its window.</summary>
internal sealed class PaceRecord(PaceRow row, List<long> sent)
{
    /// <summary>What is known; a new one is written back.</summary>
    internal PaceRow Row { get; set; } = row;

    /// <summary>When requests left, the earliest first.</summary>
    internal List<long> Sent { get; } = sent;

    /// <summary>Those of them that are to be written.</summary>
    internal List<long> Added { get; } = [];

    /// <summary>A request leaves, or has left.</summary>
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
