using System.Security.Cryptography;
using System.Text;

namespace QwenEdit.Compatibility;

/// <summary>What a text is, in 32 bytes that don't tell it: SHA-256.</summary>
internal static class TextHash
{
    /// <summary>The hash of a text's UTF-8 in hex.</summary>
    internal static string Of(string text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        return Hex.Of(hash.GetHashAndReset());
    }
}
