namespace QwenEdit.Reconciliation;

/// <summary>
/// Identifies an account in the journal by 32 bits of the hash of its key. The key can't be derived from them. The request history of one account
/// proves nothing about a request that was sent with another key.
/// </summary>
internal static class AccountFingerprint
{
    internal static string Of(string apiKey) => TextHash.Of("QwenEdit account " + apiKey).Substring(0, 8);
}
