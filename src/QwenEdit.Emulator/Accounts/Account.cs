using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using QwenEdit.Emulator.Jobs;

namespace QwenEdit.Emulator.Accounts;

/// <summary>The gateway's answer to a key.</summary>
internal enum KeyState
{
    Active,
    Expired,
    Forbidden,
    NoBalance,
}

/// <summary>One key with its balance. <see cref="JobQueue"/> guards the money, the account itself its rate window.</summary>
internal sealed class Account(string key, decimal credits)
{
    private readonly Lock admission = new();
    private long window;
    private int used;

    public string Key => key;

    /// <summary>Identifies the key without showing it.</summary>
    public string KeyId { get; } = Mask(key);

    /// <summary>The user whom the request history names. It is derived from the key, so that it is the same after a restart.</summary>
    public Guid UserId { get; } = new(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16));

    public string UserEmail => $"{UserId.ToString("N")[..8]}@emulator.invalid";

    public decimal Credits { get; set; } = credits;

    /// <summary>The prices of the jobs that are accepted and have not ended. They can't be spent twice.</summary>
    public decimal Reserved { get; set; }

    public decimal Spent { get; private set; }

    public decimal? SpendLimit { get; set; }

    public int? RequestsPerMinute { get; set; }

    public KeyState State { get; set; }

    public static string Mask(string key) => key.Length > 12 ? $"{key[..5]}…{key[^4..]}" : "…";

    public Refusal? Refuses(decimal price)
    {
        if (Credits - Reserved < price)
        {
            return new(OfBalance: true, string.Create(
                CultureInfo.InvariantCulture, $"Insufficient credits. Your balance is {Credits - Reserved} credits, and this request needs {price}."));
        }
        return Spent + Reserved + price > SpendLimit
            ? new(OfBalance: false, string.Create(CultureInfo.InvariantCulture, $"Spend limit reached: your team may spend {SpendLimit} credits."))
            : null;
    }

    public void Spend(decimal price)
    {
        Credits -= price;
        Spent += price;
    }

    /// <summary>Counts one request in the fixed window around <paramref name="now"/>.</summary>
    public RateWindow Take(DateTimeOffset now, int limit, TimeSpan length)
    {
        var current = now.UtcTicks / length.Ticks;
        lock (admission)
        {
            if (current != window)
            {
                (window, used) = (current, 0);
            }
            var granted = used < limit;
            used += granted ? 1 : 0;
            return new RateWindow(granted, limit - used, new DateTimeOffset((current + 1) * length.Ticks, TimeSpan.Zero));
        }
    }
}

/// <summary>Why an account may not have a job: its balance, or its spend limit.</summary>
internal sealed record Refusal(bool OfBalance, string Message);

internal readonly record struct RateWindow(bool Granted, int Remaining, DateTimeOffset Reset);
