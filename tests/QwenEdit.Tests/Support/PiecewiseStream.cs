namespace QwenEdit.Tests.Support;

/// <summary>A stream that brings a few bytes at a time, as a network does, and before its end has something happen.</summary>
internal sealed class PiecewiseStream(byte[] bytes, Action? atEnd = null) : MemoryStream(bytes, writable: false)
{
    private const int Piece = 4001;

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        try
        {
            if (Position == Length)
            {
                atEnd?.Invoke();
            }

            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult(Read(buffer, offset, Math.Min(count, Piece)));
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return Task.FromException<int>(exception);
        }
    }
}
