using QwenEdit.Journal;

namespace QwenEdit.RateLimiting;

/// <summary>
/// What a 429 of the service changes: no request leaves before the reset, and then they leave one by one. Times are milliseconds.
/// </summary>
internal static class RateLimitBackoff
{
    /// <summary>
    /// The gap between two requests after a reset. If the limit is reached again in this time, only the few requests are refused that leave
    /// before the response comes.
    /// </summary>
    internal const long Gap = 50;

    /// <summary>
    /// How long after a reset the gap is kept. By then 200 requests have left, and the requests that waited for the reset no longer come together.
    /// A longer time would slow an account that has a higher limit, or whose polls don't count.
    /// </summary>
    internal const long GapKept = 10_000;

    private const double FirstPause = 2_000;
    private const double LongestPause = 60_000;

    /// <summary>Whether requests wait for a reset or keep the gap.</summary>
    internal static bool IsActive(RateLimitState state, long now) =>
        // A time in the future is from an earlier start of the machine.
        state.LimitedAt > 0 && state.LimitedAt <= now && now < state.PausedUntil + GapKept;

    /// <summary>The earliest time from now on at which the next request may leave.</summary>
    /// <param name="state">What is known of the service's limit.</param>
    /// <param name="sent">When requests left, the earliest first.</param>
    /// <param name="now">The time.</param>
    internal static long Next(RateLimitState state, IReadOnlyList<long> sent, long now) => IsActive(state, now)
        ? Math.Max(Math.Max(now, state.PausedUntil), sent.Count > 0 ? sent[sent.Count - 1] + Gap : now)
        : now;

    /// <summary>The service has refused a request.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="now">The time.</param>
    /// <param name="turn">When the request left.</param>
    /// <param name="reset">Milliseconds until the limit's reset; <see langword="null"/> if the response does not say.</param>
    /// <param name="chance">A random number from 0 to 1.</param>
    internal static RateLimitState Refused(RateLimitState state, long now, long turn, double? reset, double chance)
    {
        state = state.WithoutEarlierStart(now);
        // A request that left before the last refusal was known tells nothing new but a later reset.
        bool isNew = turn > state.LimitedAt;
        int refusals = reset is null ? state.Refusals + 1 : 0;
        double pause = reset ?? (isNew ? Pause(refusals, chance) : 0);
        return state with
        {
            LimitedAt = isNew ? now : state.LimitedAt,
            Refusals = isNew ? refusals : state.Refusals,
            PausedUntil = Math.Max(state.PausedUntil, now + (long)Math.Ceiling(pause)),
        };
    }

    /// <summary>The service has accepted a request.</summary>
    internal static RateLimitState Accepted(RateLimitState state, long turn) =>
        state.Refusals > 0 && turn > state.LimitedAt ? state with { Refusals = 0 } : state;

    private static double Pause(int refusals, double chance) =>
        Math.Min(LongestPause, FirstPause * Math.Pow(2, Math.Min(refusals - 1, 10))) * (0.5 + (chance / 2));
}
