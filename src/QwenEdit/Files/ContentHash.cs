using System.Buffers;
using System.Security.Cryptography;

namespace QwenEdit.Files;

/// <summary>What a file's content is, in 32 bytes.</summary>
internal static class ContentHash
{
    private const int BufferSize = 128 * 1024;

    /// <summary>The SHA-256 of a file in hex; the file is read once, a buffer at a time.</summary>
    internal static async Task<string> OfFileAsync(string path, CancellationToken cancellationToken)
    {
        using var stream = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
            {
                hash.AppendData(buffer, 0, read);
            }
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
    internal static string Hex(byte[] bytes) => string.Concat(bytes.Select(value => value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
}
