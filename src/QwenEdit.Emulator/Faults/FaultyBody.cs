namespace QwenEdit.Emulator.Faults;

/// <summary>A response body that applies a fault in its middle, and then continues or ends.</summary>
internal sealed class FaultyBody(Stream inner, Func<long> middle, Func<Task<bool>> happen, Func<long, Task>? pace = null) : ResponseBody
{
    private const int Piece = 16;

    private long written;
    private bool happened;
    private bool ended;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty && !ended)
        {
            if (!happened && written >= middle())
            {
                happened = true;
                await inner.FlushAsync(cancellationToken);
                ended = !await happen();
                continue;
            }
            var length = happened ? buffer.Length : (int)Math.Min(buffer.Length, middle() - written);
            length = pace is null ? length : Math.Min(length, Piece);
            await inner.WriteAsync(buffer[..length], cancellationToken);
            written += length;
            buffer = buffer[length..];
            if (pace is not null)
            {
                await inner.FlushAsync(cancellationToken);
                await pace(written);
            }
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => ended ? Task.CompletedTask : inner.FlushAsync(cancellationToken);
}
