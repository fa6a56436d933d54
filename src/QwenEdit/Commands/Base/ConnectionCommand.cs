using System.Management.Automation;
using System.Net;
using System.Security;
using QwenEdit.Commands.Completion;
using QwenEdit.Commands.Parameters;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Editing;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Commands.Base;

/// <summary>The parameters that say how to reach the service, and how often it may be asked.</summary>
public abstract class ConnectionCommand : AsyncCommand
{
    private SegmindEndpoint? _endpoint;

    private protected ConnectionCommand(string activity)
        : base(activity)
    {
    }

    /// <summary>
    /// The API key, as a SecureString or as text. Without this parameter, <see cref="ApiKeySecret"/> is used, or else the environment variable
    /// SEGMIND_API_KEY.
    /// </summary>
    /// <remarks>
    /// A key that is typed as text stays in the history of the shell. The key is sent only to the host of the API, to the account's request history
    /// and, with <c>-Upload Storage</c>, to the storage of the service. No file, message or journal has it. A value that can't be a key, such as one
    /// with quotes around it, is refused before anything is sent.
    /// </remarks>
    [Parameter]
    [ApiKeyTransformation]
    [ValidateNotNull]
    public SecureString? ApiKey { get; set; }

    /// <summary>The name of the secret that has the API key, in a vault of Microsoft.PowerShell.SecretManagement.</summary>
    /// <remarks>
    /// The secret is read with Get-Secret from the registered vaults, once for each call. For a scheduled task, the vault must open without a
    /// question.
    /// </remarks>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    public string? ApiKeySecret { get; set; }

    /// <summary>
    /// The URL of the service. Without this parameter, it is the one that the environment variable SEGMIND_ENDPOINT names, or else that of Segmind.
    /// </summary>
    /// <remarks>
    /// <c>/v1</c> at the end is optional. An http URL is accepted only for this computer, as with the emulator, because the key is sent there.
    /// </remarks>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Endpoint { get; set; }

    /// <summary>The URL of a proxy, such as <c>http://proxy:8080</c>. Without this parameter, the proxy of the system is used.</summary>
    [Parameter]
    [ValidateNotNull]
    [ValidateProxy]
    public Uri? Proxy { get; set; }

    /// <summary>The user name and the password for <see cref="Proxy"/>.</summary>
    [Parameter]
    [ValidateNotNull]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>
    /// The number of seconds that one request may take, including the upload of the image. Large images on slow connections need more.
    /// </summary>
    /// <remarks>
    /// If a submission exceeds this time after its image was sent, the edit is Unknown, and it is not sent again automatically. With
    /// <c>Invoke-QwenImageEdit -Transport Sync</c>, where a request takes as long as the job, <c>-TimeoutSec</c> applies instead.
    /// </remarks>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int RequestTimeoutSec { get; set; } = 100;

    /// <summary>How often a request is retried after a temporary error, such as a refused connection or a server error.</summary>
    /// <remarks>A submission is retried only if it certainly did not create a job. Retries because of the rate limit do not count.</remarks>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaximumRetryCount { get; set; } = 3;

    /// <summary>
    /// The maximum number of requests to the service in any minute. Without this parameter, the module sends as many as the service accepts.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The limit applies to all calls together that use the same journal and account. A call without this parameter follows the limit within a second
    /// after another call has set it. Submissions, status requests and requests for results count, and submissions go first. Downloads of images do
    /// not count.
    /// </para>
    /// <para>
    /// With or without this parameter, if the service reports that its rate limit is reached (429), the requests of all these calls wait until it is
    /// reset. Then they are sent one at a time, at most 20 a second, for 10 seconds.
    /// </para>
    /// </remarks>
    [Parameter]
    [ValidateRange(1, 100000)]
    public int RequestsPerMinute { get; set; }

    /// <summary>
    /// The file of the journal, which records every edit. Without this parameter, it is the file that the environment variable QWENEDIT_JOURNAL
    /// names, or else the journal of the user.
    /// </summary>
    /// <remarks>
    /// The journal of the user is <c>%LOCALAPPDATA%\QwenEdit\journal.db</c> on Windows, and <c>~/.local/state/qwenedit/journal.db</c> on other
    /// systems. It must be on a local disk. Runs that should know each other's edits use the same journal. See about_QwenEdit_Journal.
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
        ApiKey = ApiKeyResolver.Find(this, ApiKey, ApiKeySecret, Log),
        Proxy = Proxy is null ? null : new WebProxy(Proxy) { Credentials = ProxyCredential?.GetNetworkCredential() },
        RequestTimeout = TimeSpan.FromSeconds(RequestTimeoutSec),
        MaximumRetryCount = MaximumRetryCount,
    };

    /// <summary>What every connection is bound by: the journal, and the rate limit that its calls share.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.JournalUnavailable"/>.</exception>
    private protected EditSettings Settings() => new()
    {
        JournalPath = JournalPathResolver.Find(this, JournalPath),
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
