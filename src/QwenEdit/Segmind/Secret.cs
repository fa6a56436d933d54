using System.Text;

namespace QwenEdit.Segmind;

/// <summary>Covers the key in what others say, so that it comes into no message, no journal and no file.</summary>
internal static class Secret
{
    /// <summary>Writes asterisks over the key, wherever it is.</summary>
    internal static void Cover(byte[] text, string key)
    {
        byte[] secret = Encoding.ASCII.GetBytes(key);
        Span<byte> rest = text;
        int at;
        while (secret.Length > 0 && (at = rest.IndexOf(secret)) >= 0)
        {
            rest.Slice(at, secret.Length).Fill((byte)'*');
            rest = rest.Slice(at + secret.Length);
        }
    }
}
