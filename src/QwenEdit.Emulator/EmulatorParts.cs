using QwenEdit.Emulator.Accounts;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Control;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.History;
using QwenEdit.Emulator.Images;
using QwenEdit.Emulator.Jobs;
using QwenEdit.Emulator.Records;
using QwenEdit.Emulator.Spool;
using QwenEdit.Emulator.Status;

namespace QwenEdit.Emulator;

/// <summary>The parts of one emulator.</summary>
internal sealed class EmulatorParts : IAsyncDisposable
{
    private readonly SpoolFolder spool;
    private readonly EditWorkers edits;

    public EmulatorParts(EmulatorOptions options)
    {
        Clock = new EmulatorClock(options.Time);
        spool = new SpoolFolder(options.SpoolFolder);
        Files = new FileStore(options);
        var sources = new SourceImages(options, spool, Files);
        edits = new EditWorkers(options, Clock, sources, spool);
        Accounts = new AccountList(options);
        Jobs = new JobQueue(options, Clock, edits);
        Files.Jobs = Jobs;
        Log = new RequestLog(Clock, Files, new RequestHeaders(Accounts));
        Faults = new FaultList(options.RandomSeed);
        var admission = new RequestAdmission(options, Clock, Accounts);
        var submit = new SubmitEndpoint(options, admission, Jobs, sources, spool, Files);
        Pipeline = new RequestPipeline(
            options, Clock, Accounts, Log, Faults, new FaultRunner(Clock),
            new Endpoints(
                submit, new SyncEndpoint(submit, Jobs), new PollEndpoint(options, admission, Jobs, Files),
                new CreditsEndpoint(admission, Jobs), new UploadEndpoint(admission, sources, spool, Files), new FileEndpoint(Files),
                new HistoryEndpoint(options, Clock, admission, Jobs, new HistoryRecord(options, Files))));
        Ledger = new Ledger(Log, Jobs);
        Control = new ControlApi(this, Ledger, new StatusPage(this, options));
    }

    public EmulatorClock Clock { get; }

    public AccountList Accounts { get; }

    public JobQueue Jobs { get; }

    public RequestLog Log { get; }

    public FaultList Faults { get; }

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
