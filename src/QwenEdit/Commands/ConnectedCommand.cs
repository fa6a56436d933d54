using System.Management.Automation;
using System.Net;
using System.Security;
using QwenEdit.Engine;
using QwenEdit.Segmind;

namespace QwenEdit.Commands;

/// <summary>The parameters that say how to reach the service, and how long to wait for it.</summary>
public abstract class ConnectedCommand : BackgroundCommand
{
    private SegmindEndpoint? _endpoint;
    private SegmindEndpoint? _history;
    private EditSession? _session;
    private RunTally? _run;

    private protected ConnectedCommand(string activity)
        : base(activity)
    {
    }

    /// <summary>The API key; without it <see cref="ApiKeySecret"/>, then the environment variable SEGMIND_API_KEY.</summary>
    [Parameter]
    [ApiKeyTransformation]
    [ValidateNotNull]
    public SecureString? ApiKey { get; set; }

    /// <summary>The name under which Microsoft.PowerShell.SecretManagement keeps the API key.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ApiKeySecret { get; set; }

    /// <summary>The service's URL; without it the environment variable SEGMIND_ENDPOINT, then Segmind itself.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Endpoint { get; set; }

    /// <summary>
    /// The URL of the account's request history; without it the environment variable SEGMIND_HISTORY_ENDPOINT, then Segmind's own where the
    /// service is Segmind itself, else none. It is asked only about edits whose outcome is unknown or whose job has expired.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? HistoryEndpoint { get; set; }

    /// <summary>Seconds after which the request history is taken to show every request that was accepted.</summary>
    [Parameter]
    [ValidateRange(0, 86400)]
    public int SettlingTimeSec { get; set; } = 600;

    /// <summary>A proxy other than the system's.</summary>
    [Parameter]
    [ValidateNotNull]
    public Uri? Proxy { get; set; }

    /// <summary>Who one is at the proxy.</summary>
    [Parameter]
    [ValidateNotNull]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Seconds that one request may take, the sending of the image included.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int RequestTimeoutSec { get; set; } = 100;

    /// <summary>How often a passing fault that made no job is tried again.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaximumRetryCount { get; set; } = 3;

    /// <summary>Seconds that one edit is waited for. A job that is not done by then may still be received.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = 600;

    /// <summary>Seconds between two polls of one job; without it they adapt.</summary>
    [Parameter]
    [ValidateRange(0.05, 60)]
    public double PollIntervalSec { get; set; }

    /// <summary>
    /// The most requests to the service in any minute, counted together with those of all calls that share the journal and the account. Every
    /// request counts: submissions, which go first, polls, results; not the download of images. Without it there is no limit until the service
    /// answers that one is met (429); then requests wait for its reset and go on a little slower.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 100000)]
    public int RequestsPerMinute { get; set; }

    /// <summary>The file that remembers the edits; without it QWENEDIT_JOURNAL, then a file in the user's state folder.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>Which edits of earlier runs are submitted once more.</summary>
    private protected virtual Resubmit ResubmitWhich => QwenEdit.Resubmit.None;

    /// <summary>What the call may do at most.</summary>
    private protected virtual RunCaps Caps { get; } = new();

    /// <summary>The variable that the call's run is put in; <see langword="null"/> for none.</summary>
    private protected virtual string? RunVariableName => null;

    /// <summary>The call's run; <see langword="null"/> for a call that changes nothing.</summary>
    private protected virtual RunTally? Run => _run ??= new RunTally(MyInvocation.MyCommand.Name, TimeProvider.System);

    /// <summary>The connection, made at first use, so that a call that sends nothing needs no key.</summary>
    private protected EditSession Session => _session ??= OpenSession();

    /// <summary>Whether the connection was needed.</summary>
    private protected bool HasSession => _session is not null;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        ShowRun();
        string endpoint = Endpoint ?? Environment.GetEnvironmentVariable("SEGMIND_ENDPOINT") ?? string.Empty;
        // Not the error's target: a user may have put a secret in it.
        Try(() => _endpoint = SegmindEndpoint.Parse(endpoint.Length > 0 ? endpoint : SegmindEndpoint.Default));
        string history = HistoryEndpoint ?? Environment.GetEnvironmentVariable("SEGMIND_HISTORY_ENDPOINT") ?? string.Empty;
        Try(() => _history = HistoryClient.Find(history, _endpoint!));
    }

    /// <inheritdoc/>
    private protected override void EndCall(bool completed)
    {
        if (Run is { } run)
        {
            EditRun ended = run.End(_session?.Brake.Cause, completed);
            _session?.End(ended);
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
        }
    }

    private EditSession OpenSession()
    {
        EditSession? session = null;
        Try(() =>
        {
            var connection = new SegmindConnection
            {
                Endpoint = _endpoint!,
                History = _history,
                ApiKey = ApiKeys.Find(this, ApiKey, ApiKeySecret),
                Proxy = Proxy is null ? null : new WebProxy(Proxy) { Credentials = ProxyCredential?.GetNetworkCredential() },
                RequestTimeout = TimeSpan.FromSeconds(RequestTimeoutSec),
                MaximumRetryCount = MaximumRetryCount,
            };
            var settings = new EditSettings
            {
                JournalPath = JournalFile.Find(this, JournalPath),
                Resubmit = ResubmitWhich,
                Run = Run,
                Caps = Caps,
                Timeout = TimeSpan.FromSeconds(TimeoutSec),
                SettlingTime = TimeSpan.FromSeconds(SettlingTimeSec),
                RequestsPerMinute = RequestsPerMinute > 0 ? RequestsPerMinute : null,
                PollInterval = PollIntervalSec > 0 ? TimeSpan.FromSeconds(PollIntervalSec) : null,
            };
            session = new EditSession(connection, settings, TimeProvider.System, Log);
        });
        return session!;
    }

    // What makes the whole call pointless ends it.
    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (QwenEditException exception)
        {
            Run?.EndedBy(exception);
            ThrowTerminatingError(ErrorRecords.From(exception, null));
        }
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
