namespace QwenEdit.Emulator.Faults;

/// <summary>A response body that waits before its first byte, and so before the headers.</summary>
internal sealed class LateBody(Stream inner, Func<Task> wait) : ResponseBody
{
    private bool waited;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!waited)
        {
            waited = true;
            await wait();
        }
        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => waited ? inner.FlushAsync(cancellationToken) : Task.CompletedTask;
}
