using System.Management.Automation;
using QwenEdit.Engine;
using QwenEdit.Logging;
using QwenEdit.Segmind;

namespace QwenEdit.Commands;

/// <summary>A cmdlet over the service and the journal, and the parameters that say how long to wait and where to remember.</summary>
public abstract class SessionCommand : ConnectedCommand
{
    private SegmindEndpoint? _history;
    private EditSession? _session;
    private RunTally? _run;
    private RunLog? _runLog;

    private protected SessionCommand(string activity)
        : base(activity)
    {
    }

    /// <summary>
    /// The URL of the account's request history. Without it the environment variable SEGMIND_HISTORY_ENDPOINT is used, then Segmind's own where
    /// the service is Segmind itself; else there is none.
    /// </summary>
    /// <remarks>It is only read, and only about edits whose outcome is unknown or whose job has expired. It gets the key.</remarks>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? HistoryEndpoint { get; set; }

    /// <summary>Seconds after which the request history is taken to show every request that was accepted.</summary>
    /// <remarks>
    /// Only when it is over, an unknown edit that the history does not show is taken for one that made no job, which may be submitted again.
    /// </remarks>
    [Parameter]
    [ValidateRange(0, 86400)]
    public int SettlingTimeSec { get; set; } = 600;

    /// <summary>Seconds that one edit is waited for, the waiting for the rate limit included.</summary>
    /// <remarks>
    /// An edit that is not done by then is TimedOut and not lost: the same command, Receive-QwenEditResult or Resume-QwenImageEdit receives it,
    /// for an hour after its submission. With Invoke-QwenImageEdit -Transport Sync, the answer to a request may take as long, counted from when the
    /// request leaves; the edit is Unknown then.
    /// </remarks>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = 600;

    /// <summary>Seconds between two questions about one job. Without it a job is asked for when it is likely to have ended.</summary>
    /// <remarks>
    /// When that is, the module learns from how long the jobs before it took, those of earlier calls with the same journal included. The first few
    /// of all are asked for after half a second, then at growing intervals up to 5 seconds.
    /// </remarks>
    [Parameter]
    [ValidateRange(0.05, 60)]
    public double PollIntervalSec { get; set; }

    /// <summary>Which edits of earlier runs are submitted once more.</summary>
    private protected virtual Resubmit ResubmitWhich => QwenEdit.Resubmit.None;

    /// <summary>How edits are sent and their images come back.</summary>
    private protected virtual EditTransport TransportBy => EditTransport.Async;

    /// <summary>How local images get to the service.</summary>
    private protected virtual ImageUpload UploadBy => ImageUpload.Inline;

    /// <summary>What the call may do at most.</summary>
    private protected virtual RunCaps Caps { get; } = new();

    /// <summary>The variable that the call's run is put in; <see langword="null"/> for none.</summary>
    private protected virtual string? RunVariableName => null;

    /// <summary>The folder that the call's log is written in; <see langword="null"/> for none.</summary>
    private protected virtual string? LogFolder => null;

    /// <summary>The call's run; <see langword="null"/> for a call that changes nothing.</summary>
    private protected virtual RunTally? Run => _run ??= new RunTally(MyInvocation.MyCommand.Name, TimeProvider.System);

    /// <summary>The connection and the journal, opened at first use, so that a call that sends nothing needs no key.</summary>
    private protected EditSession Session => _session ??= OpenSession();

    /// <summary>Whether the connection was needed.</summary>
    private protected bool HasSession => _session is not null;

    /// <inheritdoc/>
    private protected override int Strains => _session?.Strains ?? 0;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        string history = HistoryEndpoint ?? Environment.GetEnvironmentVariable("SEGMIND_HISTORY_ENDPOINT") ?? string.Empty;
        Try(() => _history = HistoryClient.Find(history, ServiceEndpoint));
    }

    /// <inheritdoc/>
    private protected override void BeginCall()
    {
        ShowRun();
        if (LogFolder is { } folder && Run is { } run && !this.IsWhatIf())
        {
            Try(() => Log = _runLog = RunLog.Begin(Log, () => run.Now, TimeProvider.System, ImageInput.FullPath(this, folder), SegmindClient.Version));
        }
    }

    /// <inheritdoc/>
    private protected override void OnFatal(QwenEditException exception)
    {
        Run?.EndedBy(exception);
        LogError(exception, null);
    }

    /// <summary>Writes an error to the log that is not an edit's end, which the engine tells by itself.</summary>
    private protected void LogError(QwenEditException error, string? source, string? requestId = null) =>
        Log.Error(error.Message, new EditEvent("error") { Error = error.Error, Source = source, RequestId = requestId });

    /// <inheritdoc/>
    private protected override void EndCall(bool completed)
    {
        if (Run is { } run)
        {
            EditRun ended = run.End(_session?.Brake.Cause, completed);
            _session?.End(ended);
            _runLog?.End(ended);
            ShowRun();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _session?.Dispose();
            _runLog?.Dispose();
        }
    }

    private EditSession OpenSession()
    {
        EditSession? session = null;
        Try(() =>
        {
            EditSettings settings = Settings() with
            {
                Resubmit = ResubmitWhich,
                // What a call with -WhatIf would do is no run of the journal.
                Run = this.IsWhatIf() ? null : Run,
                Caps = Caps,
                Transport = TransportBy,
                Upload = UploadBy,
                Timeout = TimeSpan.FromSeconds(TimeoutSec),
                SettlingTime = TimeSpan.FromSeconds(SettlingTimeSec),
                PollInterval = PollIntervalSec > 0 ? TimeSpan.FromSeconds(PollIntervalSec) : null,
            };
            session = new EditSession(Connect() with { History = _history }, settings, TimeProvider.System, Log);
        });
        return session!;
    }

    // From the beginning on, so that no run of an earlier call is taken for this one.
    private void ShowRun()
    {
        if (RunVariableName is { } name && Run is { } run)
        {
            SessionState.PSVariable.Set(name, run.Now);
        }
    }
}
