using System.Net;

namespace QwenEdit.Segmind.Http;

/// <summary>
/// A proxy for all hosts except this machine. Plain http is only allowed to this machine; through a proxy, the key would be sent unencrypted over the
/// network.
/// </summary>
internal sealed class LoopbackProxyBypass : IWebProxy
{
    private readonly IWebProxy? _proxy;

    private LoopbackProxyBypass(IWebProxy? proxy) => _proxy = proxy;

    /// <summary>Returns the proxy of a connection.</summary>
    /// <param name="endpoint">The service.</param>
    /// <param name="proxy">The proxy that the user names; <see langword="null"/> for the system's.</param>
    /// <returns>The same proxy if the service is on another machine: the system may have several.</returns>
    internal static IWebProxy? For(SegmindEndpoint endpoint, IWebProxy? proxy) => endpoint.IsUnencrypted ? new LoopbackProxyBypass(proxy ?? HttpHandlers.SystemProxy) : proxy;

    /// <inheritdoc/>
    public ICredentials? Credentials
    {
        get => _proxy?.Credentials;
        set
        {
            if (_proxy is not null)
            {
                _proxy.Credentials = value;
            }
        }
    }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? destination : _proxy!.GetProxy(destination);

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => _proxy is null || host.IsLoopback || _proxy.IsBypassed(host);
}
