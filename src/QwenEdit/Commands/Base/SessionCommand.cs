using System.Management.Automation;
using QwenEdit.Commands.Parameters;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Diagnostics;
using QwenEdit.Editing;
using QwenEdit.Runs;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Commands.Base;

/// <summary>A cmdlet over the service and the journal, and the parameters that say how long to wait and where to remember.</summary>
public abstract class SessionCommand : ConnectionCommand
{
    private SegmindEndpoint? _history;
    private EditSession? _session;
    private EmptyRun? _emptyRun;
    private RunCounters? _run;
    private RunLog? _runLog;
    private bool _hasEndedWrites;

    private protected SessionCommand(string activity)
        : base(activity)
    {
    }

    /// <summary>
    /// The URL of the account's request history. Without this parameter, it is the one that the environment variable SEGMIND_HISTORY_ENDPOINT names,
    /// or else Segmind's own if the service is Segmind. For another service there is none.
    /// </summary>
    /// <remarks>The history is only read, and only for edits that are Unknown or Expired. The key is sent to this URL.</remarks>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? HistoryEndpoint { get; set; }

    /// <summary>The number of seconds after which the request history is expected to have every request that the service accepted.</summary>
    /// <remarks>
    /// Only after this time does the absence of an Unknown edit from the history prove that it has no job. The edit can then be submitted again. Only
    /// after this time does an Unknown edit with a fixed seed get the one request that has its prompt, its parameters and its time.
    /// The time starts with the first answer of the history after the edit became unknown, and goes by the clock of the history. A request may take
    /// two hours to show.
    /// </remarks>
    [Parameter]
    [ValidateRange(0, 86400)]
    public int SettlingTimeSec { get; set; } = 9000;

    /// <summary>The number of seconds for one edit, from its turn to its file: waiting for the rate limit, the job and the download.</summary>
    /// <remarks>
    /// An edit that has not ended by then is TimedOut. It is not lost: the same command, Receive-QwenEditResult or Resume-QwenImageEdit receives it,
    /// for one hour after its submission. A submission that has no answer by then, and has had 10 seconds for it, is Unknown. With <c>Invoke-QwenImageEdit -Transport Sync</c>, this is also the time that the response to a request may
    /// take after the request was sent. The edit is Unknown then.
    /// </remarks>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = 600;

    /// <summary>
    /// The number of seconds between two status requests for one job. Without this parameter, the module asks for a job when it has probably ended.
    /// </summary>
    /// <remarks>
    /// The module learns this from the durations of earlier jobs in the journal. It asks for the first few jobs after half a second, and then at
    /// growing intervals of up to 5 seconds.
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
    private protected virtual RunLimits Limits { get; } = new();

    /// <summary>The variable that the call's run is put in; <see langword="null"/> for none.</summary>
    private protected virtual string? RunVariableName => null;

    /// <summary>The folder that the call's log is written in; <see langword="null"/> for none.</summary>
    private protected virtual string? LogFolder => null;

    /// <summary>The call's run; <see langword="null"/> for a call that changes nothing.</summary>
    private protected virtual RunCounters? Run => _run ??= new RunCounters(MyInvocation.MyCommand.Name, TimeProvider.System);

    /// <summary>The connection and the journal, opened at first use, so that a call that sends nothing needs no key.</summary>
    private protected EditSession Session => _session ??= OpenSession();

    /// <summary>Whether the connection was needed.</summary>
    private protected bool HasSession => _session is not null;

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
            Try(() => Log = _runLog = RunLog.Begin(Log, () => run.Now, TimeProvider.System, ImagePathResolver.FullPath(this, folder, EditError.LogUnavailable), SegmindClient.Version));
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
    private protected override void EndWork()
    {
        // A call without an edit has opened no journal, and is a run too.
        if (_session is null && Run is { } run && !this.IsWhatIf())
        {
            Try(() => _emptyRun = new EmptyRun(Settings().JournalPath, run, TimeProvider.System, Log, Stopped));
        }

        if (EndWrites() is { } incomplete)
        {
            WriteError(ErrorRecords.From(incomplete, null));
        }
    }

    /// <inheritdoc/>
    private protected override void EndCall(bool completed)
    {
        // A call that is stopped writes no record.
        EndWrites();
        if (Run is { } run)
        {
            EditRun ended = run.End(_session?.Breaker.Cause, completed);
            _session?.End(ended);
            _emptyRun?.End(ended);
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
            _emptyRun?.Dispose();
            _runLog?.Dispose();
        }
    }

    // Once, whichever way the call ends.
    private QwenEditException? EndWrites()
    {
        if (_session is null || _hasEndedWrites)
        {
            return null;
        }

        _hasEndedWrites = true;
        if (_session.EndWrites() is not { } incomplete)
        {
            return null;
        }

        Run?.EndedBy(incomplete);
        LogError(incomplete, null);
        return incomplete;
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
                Stopped = Stopped,
                Limits = Limits,
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
