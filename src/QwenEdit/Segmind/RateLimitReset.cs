using System.Globalization;

namespace QwenEdit.Segmind;

/// <summary>
/// Reads when a rate limit's window ends. The service sends <c>x-rate-limit-reset-at-utc</c>, whose format is not documented, and
/// no <c>Retry-After</c>; the latter is honoured should it come.
/// </summary>
internal static class RateLimitReset
{
    /// <summary>A reset further away than this is taken for a mistake.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>How long to wait for a reset; <see langword="null"/> if the answer does not say, or nothing that can be believed.</summary>
    /// <param name="answer">The 429.</param>
    /// <param name="now">The local clock, used only where the answer has no <c>Date</c> of its own.</param>
    internal static TimeSpan? Delay(Answer answer, DateTimeOffset now)
    {
        if (answer.Headers is not { } headers)
        {
            return null;
        }

        DateTimeOffset serviceNow = headers.Date ?? now;
        TimeSpan? delay = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - serviceNow,
            _ => headers.TryGetValues("x-rate-limit-reset-at-utc", out IEnumerable<string>? values)
                && Parse(values.First()) is { } reset
                    ? reset - serviceNow
                    : null,
        };
        if (delay is not { } wait || wait > Longest || wait < -Longest)
        {
            return null;
        }

        // Dates have whole seconds: one more is surely past the reset. The rest spreads those who wait for the same one.
        return (wait > TimeSpan.Zero ? wait : TimeSpan.Zero) + TimeSpan.FromMilliseconds(500 + (Guid.NewGuid().GetHashCode() & 1023));
    }

    /// <summary>Reads ISO 8601, RFC 1123, Unix seconds or Unix milliseconds; <see langword="null"/> for anything else.</summary>
    internal static DateTimeOffset? Parse(string text)
    {
        const double FirstThatMustBeMilliseconds = 1e11;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            double milliseconds = number < FirstThatMustBeMilliseconds ? number * 1000 : number;
            return milliseconds is >= 0 and < 4e12 ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : null;
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time
            : null;
    }
}
