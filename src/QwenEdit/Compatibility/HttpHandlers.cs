using System.Net;

namespace QwenEdit.Compatibility;

/// <summary>HTTP handlers and requests that differ on .NET Framework.</summary>
internal static class HttpHandlers
{
    /// <summary>Creates the handler for the API host. It follows no redirects, as a redirect could send the key to another host.</summary>
    internal static HttpMessageHandler CreateApiHandler(IWebProxy? proxy) => CreateHandler(proxy, followRedirects: false);

    /// <summary>Creates the handler for output files.</summary>
    internal static HttpMessageHandler CreateOutputHandler(IWebProxy? proxy) => CreateHandler(proxy, followRedirects: true);

    /// <summary>
    /// Creates a GET request, which uses HTTP/2 if the server offers it. Submissions use HTTP/1.1: when a server closes an HTTP/2 connection, which
    /// every server does at times, requests that have begun on it must be sent again, and a submission that may have begun is never sent again. .NET
    /// Framework supports HTTP/1.1 only.
    /// </summary>
    internal static HttpRequestMessage Get(Uri uri) => new(HttpMethod.Get, uri)
    {
#if NET8_0_OR_GREATER
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
#endif
    };

#if NET8_0_OR_GREATER
    private static SocketsHttpHandler CreateHandler(IWebProxy? proxy, bool followRedirects)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = followRedirects,
            // The caller's trace headers are not sent to other hosts, which have no use for them. The module creates its own spans for requests.
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            EnableMultipleHttp2Connections = true,
            // A changed DNS entry takes effect within minutes.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        };
        if (Platform.IsWindows)
        {
            // For a system proxy that requires authentication.
            handler.DefaultProxyCredentials = CredentialCache.DefaultCredentials;
        }

        if (proxy is not null)
        {
            handler.Proxy = proxy;
        }

        return handler;
    }
#else
    private static FrameworkHandler CreateHandler(IWebProxy? proxy, bool followRedirects) => new(proxy, followRedirects);
#endif

    /// <summary>The proxy that the system or the environment names.</summary>
    internal static IWebProxy? SystemProxy =>
#if NET8_0_OR_GREATER
        System.Net.Http.HttpClient.DefaultProxy;
#else
        WebRequest.DefaultWebProxy;
#endif

    /// <summary>Whether a proxy URL may have this scheme.</summary>
    internal static bool IsProxyScheme(string scheme) =>
#if NET8_0_OR_GREATER
        scheme is "http" or "https" or "socks4" or "socks4a" or "socks5";
#else
        scheme is "http";
#endif

    /// <summary>Opens the body of a response. On .NET Framework, a cancellation closes the response, as reads ignore the token there.</summary>
    internal static async Task<Stream> ReadAsStreamAsync(this HttpResponseMessage response, CancellationToken cancellationToken)
    {
#if NET8_0_OR_GREATER
        return await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
        cancellationToken.Register(response.Dispose);
        return await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
#endif
    }
}
