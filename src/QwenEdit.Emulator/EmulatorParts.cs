namespace QwenEdit.Emulator;

/// <summary>The parts of one emulator, put together.</summary>
internal sealed class EmulatorParts : IAsyncDisposable
{
    private readonly SpoolFolder spool;
    private readonly EditRoom edits;

    public EmulatorParts(EmulatorOptions options)
    {
        Clock = new EmulatorClock(options.Time);
        spool = new SpoolFolder(options.SpoolFolder);
        Files = new FileStore(options);
        var sources = new SourceImages(options, spool, Files);
        edits = new EditRoom(options, Clock, sources, spool);
        Accounts = new Accounts(options);
        Jobs = new JobQueue(options, Clock, edits);
        Files.Jobs = Jobs;
        Log = new RequestLog(Clock, Files, new RequestHeaders(Accounts));
        Faults = new Faults(options.RandomSeed);
        var gate = new Gate(options, Clock, Accounts);
        var submit = new SubmitEndpoint(options, gate, Jobs, sources, spool, Files);
        Pipeline = new RequestPipeline(
            options, Clock, Accounts, Log, Faults, new FaultRunner(Clock),
            new Endpoints(
                submit, new SyncEndpoint(submit, Jobs), new PollEndpoint(options, gate, Jobs, Files),
                new CreditsEndpoint(gate, Jobs), new UploadEndpoint(gate, sources, spool, Files), new FileEndpoint(Files),
                new HistoryEndpoint(options, Clock, gate, Jobs, new HistoryRow(options, Files))));
        Ledger = new Ledger(Log, Jobs);
        Control = new ControlApi(this, Ledger, new StatusPage(this, options));
    }

    public EmulatorClock Clock { get; }

    public Accounts Accounts { get; }

    public JobQueue Jobs { get; }

    public RequestLog Log { get; }

    public Faults Faults { get; }

    public FileStore Files { get; }

    public Ledger Ledger { get; }

    public RequestPipeline Pipeline { get; }

    public ControlApi Control { get; }

    public void Reset()
    {
        Faults.Clear();
        Jobs.Clear();
        Accounts.Reset();
        Log.Clear();
        Files.Clear();
        Clock.Reset();
    }

    public async ValueTask DisposeAsync()
    {
        await edits.DisposeAsync();
        spool.Dispose();
    }
}
