using System.Management.Automation;
using System.Net;
using System.Security;
using QwenEdit.Commands.Completion;
using QwenEdit.Commands.Parameters;
using QwenEdit.Editing;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Commands.Base;

/// <summary>A cmdlet that sends requests, and the parameters of the connection: where the service is, and how many requests it gets.</summary>
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
    /// and, with <c>-Upload Storage</c>, to the storage of the service. No file, message or journal has it. Malformed keys, such as a key with quotes
    /// around it, are rejected locally.
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

    /// <summary>The maximum number of edits at the same time.</summary>
    /// <remarks>
    /// The default suits most accounts. A higher number makes a large call faster if the account's rate limit allows more than some 200 submissions a
    /// minute. It does not exceed that limit: requests that the service rejects because of it wait and are sent again.
    /// </remarks>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 32;

    /// <summary>The service.</summary>
    private protected SegmindEndpoint ServiceEndpoint => _endpoint!;

    /// <summary>The account's request history; <see langword="null"/> if there is none.</summary>
    private protected SegmindEndpoint? History { get; set; }

    /// <summary>The settings of the session. Each base class adds those of its own parameters when the call begins.</summary>
    private protected EditSettings Settings { get; set; } = new();

    /// <summary>The connection and the journal, opened at the first use, so that a call that sends nothing needs no key.</summary>
    private protected EditSession Session => OpenedSession ??= Require(OpenSession);

    /// <summary>The same; <see langword="null"/> if it was not needed yet.</summary>
    private protected EditSession? OpenedSession { get; private set; }

    /// <inheritdoc/>
    private protected override void Begin()
    {
        StopOnTermination();
        Settings = Settings with { RequestsPerMinute = RequestsPerMinute > 0 ? RequestsPerMinute : null };
        string endpoint = Endpoint ?? Environment.GetEnvironmentVariable("SEGMIND_ENDPOINT") ?? string.Empty;
        _endpoint = SegmindEndpoint.Parse(endpoint.Length > 0 ? endpoint : SegmindEndpoint.Default);
    }

    /// <summary>Starts a piece of work as soon as the limit allows it. Until then, writes the results of other work.</summary>
    /// <param name="work">Runs on another thread and has no access to the pipeline.</param>
    /// <param name="report">Writes the result, on the pipeline thread.</param>
    /// <param name="fail">Writes the error that ended the work, on the pipeline thread.</param>
    private protected void Start<T>(Func<CancellationToken, Task<T>> work, Action<T> report, Action<QwenEditException>? fail = null)
    {
        while (Work.Count >= ThrottleLimit)
        {
            Work.WriteNext();
        }

        Work.Start(work, report, fail, null);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            OpenedSession?.Dispose();
        }
    }

    private EditSession OpenSession()
    {
        EditSettings settings = Settings with { JournalPath = FindJournal(), Stopped = Stopped };
        SegmindConnection connection = new()
        {
            Endpoint = ServiceEndpoint,
            History = History,
            ApiKey = ApiKeyResolver.Find(this, ApiKey, ApiKeySecret, Log),
            Proxy = Proxy is null ? null : new WebProxy(Proxy) { Credentials = ProxyCredential?.GetNetworkCredential() },
            RequestTimeout = TimeSpan.FromSeconds(RequestTimeoutSec),
            MaximumRetryCount = MaximumRetryCount,
        };
        return new EditSession(connection, settings, TimeProvider.System, Log);
    }
}
