using System.Buffers;
using System.Security.Cryptography;

namespace QwenEdit.Files;

/// <summary>What a file's content is, in 32 bytes.</summary>
internal static class ContentHash
{
    private const int BufferSize = 64 * 1024;

    /// <summary>The SHA-256 of a file in hex; the file is read once, a buffer at a time, on the caller's thread.</summary>
    internal static string OfFile(string path, CancellationToken cancellationToken)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // One byte more than the file: an empty one needs a buffer, too.
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(BufferSize, stream.Length + 1));
        try
        {
            int read;
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                read = stream.Read(buffer, 0, buffer.Length);
                hash.AppendData(buffer, 0, read);
            }
            while (read > 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Hex(hash.GetHashAndReset());
    }

    /// <summary>The SHA-256 of bytes in hex.</summary>
    internal static string Of(byte[] content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(content);
        return Hex(hash.GetHashAndReset());
    }

    /// <summary>Bytes in lower-case hex.</summary>
    internal static string Hex(byte[] bytes)
    {
        const string Digits = "0123456789abcdef";
        char[] text = new char[2 * bytes.Length];
        for (int index = 0; index < bytes.Length; index++)
        {
            text[2 * index] = Digits[bytes[index] >> 4];
            text[(2 * index) + 1] = Digits[bytes[index] & 15];
        }

        return new string(text);
    }
}
