using System.Buffers;

namespace QwenEdit.Emulator;

/// <summary>One request on its way through the emulator.</summary>
internal sealed class Exchange(HttpContext context, Target target)
{
    public HttpContext Context => context;

    public Target Target => target;

    public CancellationToken Aborted => context.RequestAborted;

    public string? Key { get; } = context.Request.Headers["x-api-key"] is [var key] ? key : null;

    public long BytesRead { get; set; }

    public Job? Job { get; set; }

    /// <summary>What the log line says beside the status.</summary>
    public string? Note { get; set; }

    public async Task DrainAsync()
    {
        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync(Aborted);
            BytesRead += read.Buffer.Length;
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }
}
