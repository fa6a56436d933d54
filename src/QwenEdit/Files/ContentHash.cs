using System.Buffers;
using System.IO.Hashing;

namespace QwenEdit.Files;

/// <summary>
/// Identifies the content of an image by 16 bytes: XXH128 (https://xxhash.com). It detects different images and changed files. It is ten times as
/// fast as a cryptographic hash, which is not needed: a user gains nothing by forging their own images.
/// </summary>
internal static class ContentHash
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Returns the hash of a file in hex. Reads the file once, a buffer at a time, on the caller's thread.</summary>
    internal static string OfFile(string path, CancellationToken cancellationToken)
    {
        using FileStream stream = RegularFile.OpenRead(path);
        var hash = new XxHash128();
        // One byte more than the file, as an empty file needs a buffer too.
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(BufferSize, stream.Length + 1));
        try
        {
            int read;
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                read = stream.Read(buffer, 0, buffer.Length);
                hash.Append(buffer.AsSpan(0, read));
            }
            while (read > 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Hex.Of(hash.GetCurrentHash());
    }

    /// <summary>Returns the hash of bytes in hex.</summary>
    internal static string Of(byte[] content) => Hex.Of(XxHash128.Hash(content));
}
