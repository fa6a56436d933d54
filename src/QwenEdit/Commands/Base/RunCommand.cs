using System.Management.Automation;
using QwenEdit.Commands.Parameters;
using QwenEdit.Diagnostics;
using QwenEdit.Runs;
using QwenEdit.Segmind;

namespace QwenEdit.Commands.Base;

/// <summary>
/// A cmdlet that waits for jobs, and the run that the journal records of its call. Its parameters say how long to wait, and where the run is
/// reported.
/// </summary>
public abstract class RunCommand : ConnectionCommand
{
    private readonly bool _isRun;
    private EmptyRun? _emptyRun;
    private RunLog? _runLog;
    private bool _hasEndedWrites;

    /// <param name="activity">The title of the progress bar.</param>
    /// <param name="isRun">Whether a call is a run. It is not if it changes nothing.</param>
    private protected RunCommand(string activity, bool isRun = true)
        : base(activity) => _isRun = isRun;

    /// <summary>
    /// The name, without <c>$</c>, of a variable for the EditRun of the call: counts, cost, times and the exit code for a scheduled task.
    /// </summary>
    /// <remarks>
    /// The variable is set however the call ends: when it is done, when an error or Ctrl+C stops it, and when <c>Select-Object -First</c> ends it.
    /// See about_QwenEdit_Unattended.
    /// </remarks>
    [Parameter]
    [ValidatePattern("^[^+$]")]
    public virtual string? RunVariable { get; set; }

    /// <summary>A folder for logs. It is created if it is missing. The call writes a new file of JSON lines there.</summary>
    /// <remarks>
    /// The name of the file is the start time (UTC) and the name of the cmdlet. Each line is an event with its time, level, ids and seconds. The last
    /// line has the values of the EditRun. The file never has the key. Other files in the folder are not changed. With <c>-WhatIf</c>, there is no
    /// log. See about_QwenEdit_Unattended.
    /// </remarks>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public virtual string? LogPath { get; set; }

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
    /// An Unknown edit that the history does not show after this time has no job, and can be submitted again. An Unknown edit with a fixed seed is
    /// matched to its job after this time, and only when the match is unambiguous: one request has its prompt, its parameters and its time. The time
    /// starts with the first answer of the history after the edit became Unknown, and is measured by the clock of the history. A request may take two
    /// hours to show.
    /// </remarks>
    [Parameter]
    [ValidateRange(0, 86400)]
    public int SettlingTimeSec { get; set; } = 9000;

    /// <summary>The maximum time for one edit, in seconds: waiting for the rate limit, the job and the download.</summary>
    /// <remarks>
    /// An edit that has not ended by then is TimedOut. It is not lost: the same command, Receive-QwenEditResult or Resume-QwenImageEdit receives it,
    /// for one hour after its submission. A submission that has no response by then is Unknown; it always gets at least 10 seconds. With
    /// <c>Invoke-QwenImageEdit -Transport Sync</c>, this is also the maximum time for the response after the request was sent. Without a response by
    /// then, the edit is Unknown.
    /// </remarks>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = 600;

    /// <summary>
    /// The polling interval for each job, in seconds. Without this parameter, the module asks for a job when it has probably ended.
    /// </summary>
    /// <remarks>
    /// The module learns this from the durations of earlier jobs in the journal. It asks for the first few jobs after half a second, and then at
    /// growing intervals of up to 5 seconds.
    /// </remarks>
    [Parameter]
    [ValidateRange(0.05, 60)]
    public double PollIntervalSec { get; set; }

    /// <summary>The counters of the run; <see langword="null"/> if the call is not a run.</summary>
    private protected RunCounters? Run { get; private set; }

    /// <inheritdoc/>
    private protected override void Begin()
    {
        Run = _isRun ? new RunCounters(MyInvocation.MyCommand.Name, TimeProvider.System) : null;
        ShowRun();
        if (LogPath is not null && Run is { } run && !this.IsWhatIf())
        {
            string folder = ImagePathResolver.FullPath(this, LogPath, EditError.LogUnavailable);
            Log = _runLog = RunLog.Begin(Log, () => run.Now, TimeProvider.System, folder, SegmindClient.Version);
        }

        base.Begin();
        string history = HistoryEndpoint ?? Environment.GetEnvironmentVariable("SEGMIND_HISTORY_ENDPOINT") ?? string.Empty;
        History = HistoryClient.Find(history, ServiceEndpoint);
        Settings = Settings with
        {
            Resubmit = Resubmit.None,
            // The journal does not record a call with -WhatIf.
            Run = this.IsWhatIf() ? null : Run,
            Timeout = TimeSpan.FromSeconds(TimeoutSec),
            SettlingTime = TimeSpan.FromSeconds(SettlingTimeSec),
            PollInterval = PollIntervalSec > 0 ? TimeSpan.FromSeconds(PollIntervalSec) : null,
        };
    }

    /// <inheritdoc/>
    private protected override void OnFatal(QwenEditException error)
    {
        Run?.EndedBy(error);
        LogError(error, null);
    }

    /// <summary>Counts and logs the error of an input that can't become an edit.</summary>
    private protected virtual void CountInvalid(QwenEditException error, string? source, string? requestId = null)
    {
        Run?.InvalidInput(error.Error);
        LogError(error, source, requestId);
    }

    /// <summary>Logs an error that the session does not log: all but the ends of edits.</summary>
    private protected void LogError(QwenEditException error, string? source, string? requestId = null) =>
        Log.Error(error.Message, new EditEvent("error") { Error = error.Error, Source = source, RequestId = requestId });

    /// <inheritdoc/>
    private protected override void EndWork()
    {
        // A call without edits has not opened the journal, and is a run too.
        if (OpenedSession is null && Run is { } run && !this.IsWhatIf())
        {
            _emptyRun = new EmptyRun(FindJournal(), run, TimeProvider.System, Log, Stopped);
        }

        if (EndWrites() is { } incomplete)
        {
            WriteError(incomplete, null);
        }
    }

    /// <inheritdoc/>
    private protected override void EndCall(bool completed)
    {
        // Without a record: the call may have been stopped.
        EndWrites();
        if (Run is { } run)
        {
            EditRun ended = run.End(OpenedSession?.Breaker.Cause, completed);
            OpenedSession?.End(ended);
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
            _emptyRun?.Dispose();
            _runLog?.Dispose();
        }
    }

    // Once, whichever way the call ends.
    private QwenEditException? EndWrites()
    {
        if (OpenedSession is null || _hasEndedWrites)
        {
            return null;
        }

        _hasEndedWrites = true;
        QwenEditException? incomplete = OpenedSession.EndWrites();
        if (incomplete is not null)
        {
            Run?.EndedBy(incomplete);
            LogError(incomplete, null);
        }

        return incomplete;
    }

    // Also at the beginning, so that the variable never has the run of an earlier call.
    private void ShowRun()
    {
        if (RunVariable is not null && Run is { } run)
        {
            SessionState.PSVariable.Set(RunVariable, run.Now);
        }
    }
}
