namespace QwenEdit.Emulator;

/// <summary>The parts of one emulator, put together.</summary>
internal sealed class EmulatorParts : IAsyncDisposable
{
    private readonly SpoolFolder spool;
    private readonly SourceImages sources;
    private readonly EditRoom edits;
    private readonly Accounts accounts;

    public EmulatorParts(EmulatorOptions options)
    {
        Clock = new EmulatorClock(options.Time);
        spool = new SpoolFolder(options.SpoolFolder);
        Files = new FileStore(options);
        sources = new SourceImages(spool, Files);
        edits = new EditRoom(options, Clock, sources, spool);
        accounts = new Accounts(options);
        Jobs = new JobQueue(options, Clock, edits);
        Files.Jobs = Jobs;
        Log = new RequestLog(Clock);
        Faults = new Faults(options.RandomSeed);
        var gate = new Gate(options, Clock, accounts);
        var submit = new SubmitEndpoint(options, gate, Jobs, sources, spool, Files);
        Pipeline = new RequestPipeline(
            options, Clock, Log, Faults, new FaultRunner(Clock),
            submit, new PollEndpoint(options, gate, Jobs, Files), new FileEndpoint(Files));
    }

    public EmulatorClock Clock { get; }

    public JobQueue Jobs { get; }

    public RequestLog Log { get; }

    public Faults Faults { get; }

    public FileStore Files { get; }

    public RequestPipeline Pipeline { get; }

    public void Reset()
    {
        Faults.Clear();
        Jobs.Clear();
        accounts.Reset();
        Log.Clear();
        Files.Clear();
        Clock.Reset();
    }

    public async ValueTask DisposeAsync()
    {
        await edits.DisposeAsync();
        sources.Dispose();
        spool.Dispose();
    }
}
