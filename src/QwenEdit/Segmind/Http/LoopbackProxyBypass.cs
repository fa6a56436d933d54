using System.Net;
using QwenEdit.Compatibility;

namespace QwenEdit.Segmind.Http;

/// <summary>
/// A proxy for all but this machine. Plain http is for this machine only, and a proxy would be sent the key in it unencrypted, over the network.
/// </summary>
internal sealed class LoopbackProxyBypass : IWebProxy
{
    private readonly IWebProxy? _proxy;

    private LoopbackProxyBypass(IWebProxy? proxy) => _proxy = proxy;

    /// <summary>The proxy of a connection.</summary>
    /// <param name="endpoint">Where it leads first.</param>
    /// <param name="proxy">The one that the user named; <see langword="null"/> for the system's.</param>
    /// <returns>The same for a service elsewhere, whose system's proxy may be several.</returns>
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
