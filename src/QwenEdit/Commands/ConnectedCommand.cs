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

    /// <summary>
    /// The API key, as a SecureString or as text. Without it <see cref="ApiKeySecret"/> is used, then the environment variable SEGMIND_API_KEY.
    /// </summary>
    /// <remarks>
    /// A key that is typed as text stays in the shell's history. The key is sent to the API's host and to the account's request history, and to
    /// no other; it is in no file, message or journal.
    /// </remarks>
    [Parameter]
    [ApiKeyTransformation]
    [ValidateNotNull]
    public SecureString? ApiKey { get; set; }

    /// <summary>The name of the secret that is the API key, for those who keep secrets with Microsoft.PowerShell.SecretManagement.</summary>
    /// <remarks>It is read with Get-Secret from the registered vaults, once a call; the vault must open without a question in a scheduled task.</remarks>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ApiKeySecret { get; set; }

    /// <summary>
    /// The service's URL. Without it the environment variable SEGMIND_ENDPOINT is used, then Segmind itself.
    /// </summary>
    /// <remarks>
    /// With or without /v1 at its end. Plain http is taken for this machine only, as with the emulator, since the key is sent there.
    /// </remarks>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Endpoint { get; set; }

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

    /// <summary>The URL of a proxy, such as http://proxy:8080. Without it the system's is used.</summary>
    [Parameter]
    [ValidateNotNull]
    public Uri? Proxy { get; set; }

    /// <summary>The user name and the password for <see cref="Proxy"/>.</summary>
    [Parameter]
    [ValidateNotNull]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Seconds that one request may take, the sending of the image included. Large images on slow lines need more.</summary>
    /// <remarks>A submission that is cut off by it, after the image went out, is Unknown: it is not sent again by itself.</remarks>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int RequestTimeoutSec { get; set; } = 100;

    /// <summary>How often a request is tried again after a passing fault, such as a refused connection or an error of the service's own.</summary>
    /// <remarks>A submission is tried again only where it surely made no job. Waiting for the rate limit does not count.</remarks>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaximumRetryCount { get; set; } = 3;

    /// <summary>Seconds that one edit is waited for, the waiting for the rate limit included.</summary>
    /// <remarks>
    /// An edit that is not done by then is TimedOut and not lost: the same command, Receive-QwenEditResult or Resume-QwenImageEdit receives it,
    /// for an hour after its submission.
    /// </remarks>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = 600;

    /// <summary>
    /// Seconds between two questions about one job. Without it from 1 to 5, the longer the job takes.
    /// </summary>
    [Parameter]
    [ValidateRange(0.05, 60)]
    public double PollIntervalSec { get; set; }

    /// <summary>
    /// The file that remembers the edits. Without it the environment variable QWENEDIT_JOURNAL is used, then the user's own journal.
    /// </summary>
    /// <remarks>
    /// The user's own is %LOCALAPPDATA%\QwenEdit\journal.db on Windows, and ~/.local/state/qwenedit/journal.db elsewhere. It belongs on a local
    /// disk. Runs that are to know of each other's edits use the same one. See about_QwenEdit_Journal.
    /// </remarks>
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
