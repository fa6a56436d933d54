#if !NET8_0_OR_GREATER
namespace QwenEdit.Compatibility;

/// <summary>Methods of <see cref="Stream"/> that .NET Framework does not have.</summary>
internal static class StreamExtensions
{
    /// <summary>Reads until the buffer contains the minimum number of bytes, or the stream ends.</summary>
    /// <returns>The number of bytes in the buffer, which is less than the minimum if the stream has ended.</returns>
    /// <exception cref="EndOfStreamException">The stream has ended, and <paramref name="throwOnEndOfStream"/> is true.</exception>
    internal static int ReadAtLeast(this Stream stream, byte[] buffer, int minimumBytes, bool throwOnEndOfStream = true)
    {
        int filled = 0;
        while (filled < minimumBytes)
        {
            int read = stream.Read(buffer, filled, buffer.Length - filled);
            if (read == 0)
            {
                return throwOnEndOfStream ? throw new EndOfStreamException() : filled;
            }

            filled += read;
        }

        return filled;
    }
}
#endif
