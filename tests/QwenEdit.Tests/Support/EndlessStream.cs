namespace QwenEdit.Tests.Support;

/// <summary>A beginning, and then zeros for as long as anybody reads.</summary>
internal sealed class EndlessStream(byte[] beginning) : Stream
{
    /// <summary>How many bytes were read.</summary>
    internal long BytesRead { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => BytesRead;
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    private int Take(Span<byte> buffer)
    {
        buffer.Clear();
        if (BytesRead < beginning.Length)
        {
            int count = (int)Math.Min(buffer.Length, beginning.Length - BytesRead);
            beginning.AsSpan((int)BytesRead, count).CopyTo(buffer);
        }

        BytesRead += buffer.Length;
        return buffer.Length;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Take(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Take(buffer.AsSpan(offset, count)));

    public override int Read(byte[] buffer, int offset, int count) => Take(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
