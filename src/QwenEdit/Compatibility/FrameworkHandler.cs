#if !NET8_0_OR_GREATER
using System.Net;

namespace QwenEdit.Compatibility;

/// <summary>
/// Sends requests on .NET Framework. There, <see cref="HttpWebRequest"/> sends a request again by itself if a reused connection turns out to be
/// closed. A POST may be billed, so each POST uses a new connection.
/// </summary>
internal sealed class FrameworkHandler : HttpMessageHandler
{
    private const int ConnectionLimit = 256;

    private readonly HttpMessageInvoker _gets;

    // This handler has its own connections, which are closed after each request.
    private readonly HttpMessageInvoker _posts;
    private readonly IWebProxy? _proxy;

    /// <param name="proxy">The proxy; <see langword="null"/> for the system's.</param>
    /// <param name="followRedirects">Whether a redirect of a GET is followed.</param>
    internal FrameworkHandler(IWebProxy? proxy, bool followRedirects)
    {
        // Zero leaves the choice to the system, which is better where it is possible.
        if (ServicePointManager.SecurityProtocol != 0)
        {
            ServicePointManager.SecurityProtocol |= SecurityProtocolType.Tls12;
        }

        ServicePointManager.DefaultConnectionLimit = Math.Max(ServicePointManager.DefaultConnectionLimit, ConnectionLimit);
        _proxy = proxy;
        _gets = new HttpMessageInvoker(CreateHandler(proxy, followRedirects));
        _posts = new HttpMessageInvoker(CreateHandler(proxy, followRedirects: false));
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // If other code in this process has used the host before, the new default does not change its limit of two connections.
        ServicePoint host = _proxy is null
            ? ServicePointManager.FindServicePoint(request.RequestUri)
            : ServicePointManager.FindServicePoint(request.RequestUri, _proxy);
        host.ConnectionLimit = Math.Max(host.ConnectionLimit, ConnectionLimit);
        if (request.Method != HttpMethod.Post)
        {
            return _gets.SendAsync(request, cancellationToken);
        }

        request.Headers.ConnectionClose = true;
        return _posts.SendAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gets.Dispose();
            _posts.Dispose();
        }

        base.Dispose(disposing);
    }

    private static HttpClientHandler CreateHandler(IWebProxy? proxy, bool followRedirects)
    {
        var handler = new HttpClientHandler
        {
            AllowAutoRedirect = followRedirects,
            AutomaticDecompression = DecompressionMethods.None,
            // For a system proxy that requires authentication. The credentials apply to the whole process, so existing ones are kept.
            DefaultProxyCredentials = WebRequest.DefaultWebProxy?.Credentials ?? CredentialCache.DefaultCredentials,
            UseCookies = false,
        };
        if (proxy is not null)
        {
            handler.Proxy = proxy;
        }

        return handler;
    }
}
#endif
