#if !NET8_0_OR_GREATER
using System.Net;
using System.Net.Http;

namespace QwenEdit.Compatibility;

/// <summary>
/// Sends requests on .NET Framework, whose <see cref="HttpWebRequest"/> sends a request again by itself if a connection that it reuses turns out to
/// be closed. A POST may be billed, so each goes out on a connection of its own.
/// </summary>
internal sealed class FrameworkHandler : HttpMessageHandler
{
    private const int ConnectionLimit = 256;

    private readonly HttpMessageInvoker _questions;

    // A handler has connections of its own, and these are closed after each request.
    private readonly HttpMessageInvoker _posts;
    private readonly IWebProxy? _proxy;

    /// <param name="proxy">The proxy; <see langword="null"/> for the system's.</param>
    /// <param name="followRedirects">Whether a redirected question goes on to where it is sent.</param>
    internal FrameworkHandler(IWebProxy? proxy, bool followRedirects)
    {
        // Zero leaves the choice to the system, which is the better one where it can be made.
        if (ServicePointManager.SecurityProtocol != 0)
        {
            ServicePointManager.SecurityProtocol |= SecurityProtocolType.Tls12;
        }

        ServicePointManager.DefaultConnectionLimit = Math.Max(ServicePointManager.DefaultConnectionLimit, ConnectionLimit);
        _proxy = proxy;
        _questions = new HttpMessageInvoker(CreateHandler(proxy, followRedirects));
        _posts = new HttpMessageInvoker(CreateHandler(proxy, followRedirects: false));
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Of a host that was asked before by somebody else in this process, the default of two connections is not changed by the new default.
        ServicePoint host = _proxy is null
            ? ServicePointManager.FindServicePoint(request.RequestUri)
            : ServicePointManager.FindServicePoint(request.RequestUri, _proxy);
        host.ConnectionLimit = Math.Max(host.ConnectionLimit, ConnectionLimit);
        if (request.Method != HttpMethod.Post)
        {
            return _questions.SendAsync(request, cancellationToken);
        }

        request.Headers.ConnectionClose = true;
        return _posts.SendAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _questions.Dispose();
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
            // For a proxy that the system names and that asks who the user is. They are set for the whole process: those that it has are kept.
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
