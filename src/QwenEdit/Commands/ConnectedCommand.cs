using System.Management.Automation;
using System.Net;
using System.Security;
using QwenEdit.Engine;
using QwenEdit.Segmind;

namespace QwenEdit.Commands;

/// <summary>The parameters that say how to reach the service, and how often it may be asked.</summary>
public abstract class ConnectedCommand : BackgroundCommand
{
    private SegmindEndpoint? _endpoint;

    private protected ConnectedCommand(string activity)
        : base(activity)
    {
    }

    /// <summary>
    /// The API key, as a SecureString or as text. Without it <see cref="ApiKeySecret"/> is used, then the environment variable SEGMIND_API_KEY.
    /// </summary>
    /// <remarks>
    /// A key that is typed as text stays in the shell's history. The key is sent to the API's host, to the account's request history and, for
    /// -Upload Storage, to the service's storage, and to no other; it is in no file, message or journal. What surely is no key, such as one in
    /// quotes, is refused before anything is sent.
    /// </remarks>
    [Parameter]
    [ApiKeyTransformation]
    [ValidateNotNull]
    public SecureString? ApiKey { get; set; }

    /// <summary>The name of the secret that is the API key, for those who keep secrets with Microsoft.PowerShell.SecretManagement.</summary>
    /// <remarks>It is read with Get-Secret from the registered vaults, once a call; the vault must open without a question in a scheduled task.</remarks>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
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

    /// <summary>The URL of a proxy, such as http://proxy:8080. Without it the system's is used.</summary>
    [Parameter]
    [ValidateNotNull]
    [ValidateProxy]
    public Uri? Proxy { get; set; }

    /// <summary>The user name and the password for <see cref="Proxy"/>.</summary>
    [Parameter]
    [ValidateNotNull]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Seconds that one request may take, the sending of the image included. Large images on slow lines need more.</summary>
    /// <remarks>
    /// A submission that is cut off by it, after the image went out, is Unknown: it is not sent again by itself. With Invoke-QwenImageEdit
    /// -Transport Sync, where a request takes as long as the job, -TimeoutSec bounds it instead.
    /// </remarks>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int RequestTimeoutSec { get; set; } = 100;

    /// <summary>How often a request is tried again after a passing fault, such as a refused connection or an error of the service's own.</summary>
    /// <remarks>A submission is tried again only where it surely made no job. Waiting for the rate limit does not count.</remarks>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaximumRetryCount { get; set; } = 3;

    /// <summary>The most requests to the service in any minute. Without it, as many as the service bears.</summary>
    /// <remarks>
    /// <para>
    /// They are counted together with those of all calls that share the journal and the account; a call without this parameter, which is running
    /// when another begins with it, joins within a second. Every request counts: submissions, which go first, questions about jobs, and results;
    /// not the download of images.
    /// </para>
    /// <para>Without it, where the service answers that its limit is met (429), all requests wait for its reset, and go on a little slower.</para>
    /// </remarks>
    [Parameter]
    [ValidateRange(1, 100000)]
    public int RequestsPerMinute { get; set; }

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

    /// <summary>Where the service is.</summary>
    private protected SegmindEndpoint ServiceEndpoint => _endpoint!;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        string endpoint = Endpoint ?? Environment.GetEnvironmentVariable("SEGMIND_ENDPOINT") ?? string.Empty;
        // Not the error's target: a user may have put a secret in it.
        Try(() => _endpoint = SegmindEndpoint.Parse(endpoint.Length > 0 ? endpoint : SegmindEndpoint.Default));
    }

    /// <summary>Hears what ends the call.</summary>
    private protected virtual void OnFatal(QwenEditException exception)
    {
    }

    /// <summary>How the service is reached, the key included, which must be there.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.ApiKeyMissing"/>.</exception>
    private protected SegmindConnection Connect() => new()
    {
        Endpoint = ServiceEndpoint,
        ApiKey = ApiKeys.Find(this, ApiKey, ApiKeySecret, Log),
        Proxy = Proxy is null ? null : new WebProxy(Proxy) { Credentials = ProxyCredential?.GetNetworkCredential() },
        RequestTimeout = TimeSpan.FromSeconds(RequestTimeoutSec),
        MaximumRetryCount = MaximumRetryCount,
    };

    /// <summary>What every connection is bound by: the journal, and the pace that its calls share.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.JournalUnavailable"/>.</exception>
    private protected EditSettings Settings() => new()
    {
        JournalPath = JournalFile.Find(this, JournalPath),
        RequestsPerMinute = RequestsPerMinute > 0 ? RequestsPerMinute : null,
    };

    /// <summary>Does what the whole call is pointless without.</summary>
    private protected void Try(Action action)
    {
        try
        {
            action();
        }
        catch (QwenEditException exception)
        {
            OnFatal(exception);
            ThrowTerminatingError(ErrorRecords.From(exception, null));
        }
    }
}
