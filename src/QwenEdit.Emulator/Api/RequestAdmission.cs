using System.Globalization;
using QwenEdit.Emulator.Accounts;

namespace QwenEdit.Emulator.Api;

/// <summary>Checks the key and the rate limit of each request.</summary>
internal sealed class RequestAdmission(EmulatorOptions options, EmulatorClock clock, AccountList accounts)
{
    /// <returns>The account, or null when the request has been answered.</returns>
    public async Task<Account?> EnterAsync(ApiContext exchange)
    {
        var account = accounts.Find(exchange.Key);
        if (account is null or { State: KeyState.Expired })
        {
            await RefuseAsync(exchange);
            return null;
        }
        return await TakeAsync(exchange, account) ? account : null;
    }

    private static Task RefuseAsync(ApiContext exchange)
    {
        var came = exchange.Key is not null || exchange.Context.Request.Headers.ContainsKey("Authorization");
        return ApiResponses.ErrorAsync(exchange, StatusCodes.Status401Unauthorized, came
            ? "Unauthorized. API key is invalid or may have expired."
            : "Missing Authorization or x-api-key in header");
    }

    private async Task<bool> TakeAsync(ApiContext exchange, Account account)
    {
        var limit = account.RequestsPerMinute ?? options.RequestsPerMinute;
        var counts = options.PollsCount || exchange.Target.Route is ApiRoute.Submit or ApiRoute.Sync or ApiRoute.Upload;
        if (limit == 0 || !counts)
        {
            return true;
        }
        var window = account.Take(clock.Now, limit, options.RateLimitWindow);
        var headers = exchange.Context.Response.Headers;
        headers["x-rate-limit-reset-at-utc"] = Write(window.Reset);
        headers["x-rate-limit-remaining"] = window.Remaining.ToString(CultureInfo.InvariantCulture);
        if (window.Granted)
        {
            return true;
        }
        await ApiResponses.ErrorAsync(exchange, StatusCodes.Status429TooManyRequests, "Rate limit exceeded. Please try again later.");
        return false;
    }

    private string Write(DateTimeOffset reset) => options.RateLimitReset switch
    {
        ResetFormat.Rfc1123 => reset.ToString("R", CultureInfo.InvariantCulture),
        ResetFormat.UnixSeconds => reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        ResetFormat.UnixMilliseconds => reset.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        _ => reset.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };
}
