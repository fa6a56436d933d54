using QwenEdit.Emulator.Jobs;
using QwenEdit.Emulator.Records;

namespace QwenEdit.Emulator.Api;

/// <summary>One request on its way through the emulator.</summary>
internal sealed class ApiContext(HttpContext context, RequestTarget target, string? key, RequestLog log, RequestLog.Token entry)
{
    public HttpContext Context => context;

    public RequestTarget Target => target;

    public CancellationToken Aborted => context.RequestAborted;

    public string? Key => key;

    public long BytesRead { get; set; }

    public Job? Job { get; set; }

    /// <summary>When its headers had arrived.</summary>
    public long Arrived => entry.Time;

    /// <summary>Whether the connection was cut. What an endpoint writes after that is dropped.</summary>
    public bool IsCut { get; private set; }

    /// <summary>What the log line has in addition to the status.</summary>
    public string? Note { get; set; }

    /// <summary>Records the response's status in the ledger, before the client receives it.</summary>
    public void Record(int status)
    {
        if (!IsCut)
        {
            log.Answer(entry, status, BytesRead, Job);
        }
    }

    /// <summary>Records the end of the connection: with the status that was already sent, or 0.</summary>
    public void RecordCut(int status)
    {
        Record(status);
        IsCut = true;
    }

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
