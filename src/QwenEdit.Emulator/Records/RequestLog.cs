using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Jobs;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Records;

/// <summary>The requests in the order of arrival, in a compact form: a hundred thousand jobs make half a million requests.</summary>
internal sealed class RequestLog(EmulatorClock clock, FileStore files, RequestHeaders headers)
{
    private const int ChunkLength = 4096;

    private readonly Lock admission = new();
    private readonly List<Entry[]> chunks = [];
    private TaskCompletionSource? changed;
    private long count;
    private int generation;

    /// <summary>Adds a request, and returns the token with which it is updated.</summary>
    public Token Enter(ApiRoute route, HttpRequest request, string path, string? keyId)
    {
        var time = clock.Ticks;
        var kept = headers.Keep(request.Headers);
        lock (admission)
        {
            if (count % ChunkLength == 0)
            {
                chunks.Add(new Entry[ChunkLength]);
            }
            var number = count++;
            chunks[^1][number % ChunkLength] = new Entry { Route = route, Method = request.Method, Path = path, Headers = kept, Time = time, KeyId = keyId };
            return new Token(number, generation, time);
        }
    }

    public void Answer(Token token, int status, long bytes, Job? job) => Change(token, (ref Entry entry) =>
    {
        entry.Status = (short)status;
        entry.Bytes = bytes;
        entry.Job = job;
        // A path that follows from a job's id is not stored but computed when it is read, as it is the largest field.
        entry.Path = job is not null && entry.Path == Entry.PathOf(entry.Route, job, files) ? null : entry.Path;
    });

    public void Meet(Token token, string fault) => Change(token, (ref Entry entry) => entry.Fault = fault);

    public List<LedgerRequest> Read(long from = 0)
    {
        lock (admission)
        {
            var requests = new List<LedgerRequest>((int)Math.Max(0, count - from));
            for (var number = from; number < count; number++)
            {
                requests.Add(chunks[(int)(number / ChunkLength)][number % ChunkLength].Show(number, files));
            }
            return requests;
        }
    }

    public long Count
    {
        get
        {
            lock (admission)
            {
                return count;
            }
        }
    }

    public async Task<LedgerRequest> WaitForAsync(Func<LedgerRequest, bool> fits, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task signal;
            lock (admission)
            {
                changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                signal = changed.Task;
            }
            if (Read().FirstOrDefault(request => (request.Status != 0 || request.Fault is not null) && fits(request)) is { } found)
            {
                return found;
            }
            await signal.WaitAsync(cancellationToken);
        }
    }

    public void Clear()
    {
        lock (admission)
        {
            chunks.Clear();
            count = 0;
            generation++;
            headers.Clear();
        }
    }

    private void Change(Token token, EntryChange change)
    {
        TaskCompletionSource? signal;
        lock (admission)
        {
            if (token.Generation != generation)
            {
                return;
            }
            change(ref chunks[(int)(token.Number / ChunkLength)][token.Number % ChunkLength]);
            (signal, changed) = (changed, null);
        }
        signal?.SetResult();
    }

    private delegate void EntryChange(ref Entry entry);

    /// <summary>The place of a request. It is invalid after a reset.</summary>
    internal readonly record struct Token(long Number, int Generation, long Time);

    private struct Entry
    {
        public ApiRoute Route;
        public short Status;
        public string Method;
        public string? Path;
        public string Headers;
        public string? KeyId;
        public string? Fault;
        public Job? Job;
        public long Time;
        public long Bytes;

        public readonly LedgerRequest Show(long number, FileStore files) => new(
            number + 1, Route, Method, Path ?? PathOf(Route, Job!, files), new DateTimeOffset(Time, TimeSpan.Zero),
            KeyId, Bytes, Status, Job?.RequestId, Fault, RequestHeaders.Read(Headers));

        public static string PathOf(ApiRoute route, Job job, FileStore files) => route switch
        {
            ApiRoute.Submit => $"/v2/{job.Model}",
            ApiRoute.Sync => $"/v1/{job.Model}",
            ApiRoute.Status => $"/v2/requests/{job.RequestId}/status",
            ApiRoute.File => files.PathOf(job),
            ApiRoute.Result => $"/v2/requests/{job.RequestId}",
            _ => $"/v1/requests/{job.RequestId}",
        };
    }
}
