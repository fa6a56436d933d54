namespace QwenEdit.Emulator;

/// <summary>One request on its way through the emulator.</summary>
internal sealed class Exchange(HttpContext context, Target target, string? key)
{
    public HttpContext Context => context;

    public Target Target => target;

    public CancellationToken Aborted => context.RequestAborted;

    public string? Key => key;

    public long BytesRead { get; set; }

    public Job? Job { get; set; }

    /// <summary>When its headers had arrived.</summary>
    public required long Arrived { get; init; }

    /// <summary>Enters the answer's status in the books; 0 where the connection ends instead. Before the client can know.</summary>
    public required Action<int> Record { get; init; }

    /// <summary>Whether a fault has cut the connection; what the endpoint still says goes nowhere.</summary>
    public bool IsCut { get; set; }

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
