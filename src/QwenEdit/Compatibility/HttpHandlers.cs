using System.Net;
#if !NET8_0_OR_GREATER
using System.Net.Http;
#endif

namespace QwenEdit.Compatibility;

/// <summary>Handlers and requests of HTTP, which .NET Framework does otherwise.</summary>
internal static class HttpHandlers
{
    /// <summary>Makes the handler for the API host. It follows no redirect, which could lead the key to another host.</summary>
    internal static HttpMessageHandler CreateApiHandler(IWebProxy? proxy) => CreateHandler(proxy, followRedirects: false);

    /// <summary>Makes the handler for output files.</summary>
    internal static HttpMessageHandler CreateOutputHandler(IWebProxy? proxy) => CreateHandler(proxy, followRedirects: true);

    /// <summary>
    /// A question, over HTTP/2 where that is offered. Submissions are not: a server that ends an HTTP/2 connection, as all do now and then, leaves
    /// requests that began on it to be sent again, and a submission that may have begun is never sent again. .NET Framework has HTTP/1.1 only.
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
            // No trace of the caller's goes to other hosts, which make nothing of it; the module tells its requests by itself.
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            EnableMultipleHttp2Connections = true,
            // A name that has moved is noticed within minutes.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        };
        if (Platform.IsWindows)
        {
            // For a proxy that the system names and that asks who the user is.
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

    /// <summary>Whether a proxy may have this scheme.</summary>
    internal static bool IsProxyScheme(string scheme) =>
#if NET8_0_OR_GREATER
        scheme is "http" or "https" or "socks4" or "socks4a" or "socks5";
#else
        scheme is "http";
#endif

    /// <summary>Opens a response's body; on .NET Framework a cancellation closes the response, as reads don't heed a token there.</summary>
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
