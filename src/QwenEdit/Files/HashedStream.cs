using System.IO.Hashing;

namespace QwenEdit.Files;

/// <summary>
/// Reads a file from start to end, and fails before it returns the last bytes if the content does not match the hash. A file that has changed since
/// it was hashed is therefore never sent completely.
/// </summary>
/// <param name="file">The file, at its start.</param>
/// <param name="length">Its length in bytes when the hash was computed.</param>
/// <param name="hash">Its <see cref="ContentHash"/>.</param>
internal sealed class HashedStream(Stream file, long length, string hash) : Stream
{
    private readonly XxHash128 _hash = new();
    private long _read;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The content has changed, or can't be read.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = file.Read(buffer, offset, count);
        bool wasWhole = _read >= length;
        _read += read;
        if (!wasWhole)
        {
            _hash.Append(buffer.AsSpan(offset, read));
            if (_read >= length && Hex.Of(_hash.GetCurrentHash()) != hash)
            {
                throw new IOException("The file changed before it was sent.");
            }
        }

        return read;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
