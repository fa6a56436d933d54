using QwenEdit.Journal;

namespace QwenEdit.Engine;

/// <summary>
/// Finds the service's rate limit by meeting it: after a refusal all wait for the reset, go on evenly a tenth below what was accepted, and a little
/// faster every minute, so that the limit is met again after some minutes or not at all. Times are milliseconds.
/// </summary>
internal static class Governor
{
    /// <summary>What is kept below the limit that was met.</summary>
    private const double Below = 0.9;

    /// <summary>How fast the pace grows, a minute, until it has passed the limit that was met.</summary>
    private const double Growth = 1.02;

    /// <summary>After how many minutes it surely has. When nothing was refused by then, the limit was taken for too low.</summary>
    private const double Passed = 8;

    /// <summary>At so many times the pace that it began with, a pace is none any more.</summary>
    private const double Enough = 4;

    /// <summary>With fewer accepted, the limit may be anything: others may have used it up.</summary>
    private const int Fewest = 5;

    /// <summary>And likewise below this number, where nothing was sent for so long at the beginning of the minute in question.</summary>
    private const int FewestOfPart = 20;

    private const double LongestAbsence = Minute / 3;

    private const double Slowest = 4;
    private const double BlindRate = 60;
    private const double BlindGrowth = 2;
    private const double Minute = 60_000;
    private const double FirstPause = 2_000;
    private const double LongestPause = 60_000;
    private const long LongestBelievable = 20 * 60_000;

    /// <summary>The pace to keep, in requests per minute; <see langword="null"/> for none.</summary>
    internal static double? Rate(PaceRow pace, long now)
    {
        // Later than now is from an earlier start of the machine.
        if (pace.Rate <= 0 || pace.LimitedAt > now)
        {
            return null;
        }

        double minutes = Math.Max(0, now - Math.Max(pace.LimitedAt, pace.PausedUntil)) / Minute;
        double slowly = pace.Met < Fewest ? 0 : Math.Min(minutes, Passed);
        double growth = Math.Pow(Growth, slowly) * Math.Pow(BlindGrowth, minutes - slowly);
        return growth < Enough ? pace.Rate * growth : null;
    }

    /// <summary>Until when nothing is sent; one that is too long is from an earlier start of the machine.</summary>
    internal static long Pause(PaceRow pace, long now) => pace.PausedUntil > now + LongestBelievable ? now : pace.PausedUntil;

    /// <summary>The service has refused a request.</summary>
    /// <param name="pace">The pace so far.</param>
    /// <param name="now">The time.</param>
    /// <param name="turn">When the request left.</param>
    /// <param name="reset">Milliseconds until the limit's reset; <see langword="null"/> if nobody said.</param>
    /// <param name="sent">When requests left, this one included.</param>
    /// <param name="chance">A random number from 0 to 1.</param>
    internal static PaceRow Refused(PaceRow pace, long now, long turn, double? reset, IReadOnlyCollection<long> sent, double chance)
    {
        if (pace.LimitedAt > now)
        {
            pace = new PaceRow { Promise = pace.Promise, PromisedUntil = pace.PromisedUntil };
        }

        // One that left before the limit was known tells one thing: that it was not among those accepted.
        bool isKnown = turn <= pace.LimitedAt;
        int met = isKnown ? Math.Max(1, pace.Met - 1) : Accepted(sent, now, reset);
        double rate = Slower(isKnown ? null : Rate(pace, now), met);
        int refusals = isKnown ? pace.Refusals : pace.Refusals + 1;
        double pause = reset ?? (isKnown ? 0 : Math.Min(LongestPause, FirstPause * Math.Pow(2, Math.Min(refusals - 1, 10))) * (0.5 + (chance / 2)));
        return pace with
        {
            LimitedAt = isKnown ? pace.LimitedAt : now,
            Met = met,
            Rate = rate,
            Refusals = refusals,
            PausedUntil = Math.Max(Pause(pace, now), now + (long)Math.Ceiling(pause)),
        };
    }

    /// <summary>The service has accepted a request.</summary>
    internal static PaceRow Accepted(PaceRow pace, long turn) =>
        pace.Refusals > 0 && turn > pace.LimitedAt ? pace with { Refusals = 0 } : pace;

    // The service counts by the minute, which began a minute before the reset.
    private static int Accepted(IReadOnlyCollection<long> sent, long now, double? reset)
    {
        double begun = now - Minute + Math.Min(Minute, reset ?? 0);
        int accepted = sent.Count(left => left >= begun) - 1;
        return accepted < FewestOfPart && sent.Min() > begun + LongestAbsence ? 0 : accepted;
    }

    // A pace that was too fast gets slower by a tenth at least, and by half at most: others may have used up this minute's room.
    private static double Slower(double? current, int met)
    {
        double rate = met < Fewest ? BlindRate : Below * met;
        return current is { } fast ? Math.Max(Slowest, Math.Min(fast * Below, Math.Max(fast / 2, rate))) : rate;
    }
}
