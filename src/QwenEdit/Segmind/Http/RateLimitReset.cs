using System.Globalization;

namespace QwenEdit.Segmind.Http;

/// <summary>
/// Reads when a rate limit's window ends. The service sends <c>x-rate-limit-reset-at-utc</c>, whose format is not documented, and
/// no <c>Retry-After</c>. If there is a <c>Retry-After</c>, it is used.
/// </summary>
internal static class RateLimitReset
{
    /// <summary>A reset that is further away is ignored.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>Returns how long to wait for a reset; <see langword="null"/> if the response does not say, or the reset is not in the near future.</summary>
    /// <param name="response">The 429.</param>
    /// <param name="now">The local time, used only if the response has no <c>Date</c>.</param>
    internal static TimeSpan? Delay(ApiResponse response, DateTimeOffset now)
    {
        if (response.Headers is not { } headers)
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
        // Dates have whole seconds, so the reset can be up to a second later. The random part spreads computers that wait for the same reset.
        return delay is { } wait && wait > TimeSpan.Zero && wait <= Longest
            ? wait + TimeSpan.FromMilliseconds(500 + (1000 * Numbers.Chance()))
            : null;
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
