using System.Collections.Concurrent;

namespace QwenEdit.Emulator.Accounts;

/// <summary>The keys that the emulator knows.</summary>
internal sealed class AccountList
{
    private readonly EmulatorOptions options;
    private readonly ConcurrentDictionary<string, Account> byKey = new(StringComparer.Ordinal);

    public AccountList(EmulatorOptions options)
    {
        this.options = options;
        Reset();
    }

    public IEnumerable<Account> All => byKey.Values.OrderBy(account => account.Key, StringComparer.Ordinal);

    public Account? Find(string? key) => key is not null && byKey.TryGetValue(key, out var account) ? account : null;

    public Account GetOrAdd(string key) => byKey.GetOrAdd(key, added => new Account(added, options.Credits));

    public void Reset()
    {
        byKey.Clear();
        byKey[options.ApiKey] = new Account(options.ApiKey, options.Credits);
    }
}
