using System.Security.Cryptography;
using System.Text;

namespace QwenEdit.Compatibility;

/// <summary>Identifies a text by its SHA-256 hash, which does not reveal the text.</summary>
internal static class TextHash
{
    /// <summary>Returns the hash of the text in UTF-8, in hex.</summary>
    internal static string Of(string text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        return Hex.Of(hash.GetHashAndReset());
    }
}
