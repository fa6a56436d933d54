using System.Text;
using Microsoft.Extensions.Primitives;
using QwenEdit.Emulator.Accounts;

namespace QwenEdit.Emulator.Records;

/// <summary>
/// The headers of requests, with every key masked. Equal ones are kept once, as text: clients send the same headers a hundred thousand times.
/// </summary>
internal sealed class RequestHeaders(AccountList accounts)
{
    private readonly Lock admission = new();
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    public string Keep(IHeaderDictionary headers)
    {
        var key = headers["x-api-key"].ToString();
        var text = new StringBuilder();
        foreach (var (name, values) in headers)
        {
            text.Append(name.ToLowerInvariant()).Append(": ").Append(Mask(name, values, key)).Append('\n');
        }
        var kept = text.ToString();
        lock (admission)
        {
            known.Add(kept);
            return known.TryGetValue(kept, out var same) ? same : kept;
        }
    }

    public static IReadOnlyDictionary<string, string> Read(string kept) => kept
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(": ", 2))
        .ToDictionary(header => header[0], header => header[1], StringComparer.OrdinalIgnoreCase);

    public void Clear()
    {
        lock (admission)
        {
            known.Clear();
        }
    }

    private string Mask(string name, StringValues values, string key)
    {
        var text = values.ToString();
        if (name.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
        {
            var space = text.IndexOf(' ', StringComparison.Ordinal) + 1;
            return text[..space] + Account.Mask(text[space..]);
        }
        // A key belongs in one header. It is masked in every other header too.
        var masked = key.Length > 0 ? text.Replace(key, Account.Mask(key), StringComparison.Ordinal) : text;
        return accounts.All.Aggregate(masked, (rest, account) => rest.Replace(account.Key, account.KeyId, StringComparison.Ordinal));
    }
}
