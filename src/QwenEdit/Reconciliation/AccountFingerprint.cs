using QwenEdit.Compatibility;

namespace QwenEdit.Reconciliation;

/// <summary>
/// Tells accounts apart in the journal without keeping their keys: 32 bits of a hash, of which no key can be made again. What one account's
/// request history shows, or does not, says nothing about a request that was sent with another key.
/// </summary>
internal static class AccountFingerprint
{
    internal static string Of(string apiKey) => TextHash.Of("QwenEdit account " + apiKey).Substring(0, 8);
}
