using System.IO.Hashing;
using System.Text;

namespace QwenEdit.Collections;

/// <summary>A set of texts that remembers each in a few bytes, however many and however long they are.</summary>
internal sealed class CompactStringSet
{
    // In parts: each grows by itself, and none becomes a large object, of which those that were outgrown would be left lying.
    private readonly HashSet<(ulong, ulong)>?[] _parts = new HashSet<(ulong, ulong)>?[256];

    /// <summary>Adds a text, unless it is there.</summary>
    internal bool Add(string text) => PartOf(text, out (ulong, ulong) digest).Add(digest);

    internal bool Remove(string text) => PartOf(text, out (ulong, ulong) digest).Remove(digest);

    internal bool Contains(string text) => PartOf(text, out (ulong, ulong) digest).Contains(digest);

    private HashSet<(ulong, ulong)> PartOf(string text, out (ulong, ulong) digest)
    {
        byte[] hash = XxHash128.Hash(Encoding.UTF8.GetBytes(text));
        digest = (BitConverter.ToUInt64(hash, 0), BitConverter.ToUInt64(hash, 8));
        return _parts[digest.Item1 & 255] ??= [];
    }
}
