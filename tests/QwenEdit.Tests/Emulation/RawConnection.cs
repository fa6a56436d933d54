using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace QwenEdit.Tests.Emulation;

/// <summary>A bare socket, to see what HttpClient would hide: how a connection ends, and after which bytes.</summary>
internal sealed class RawConnection(Uri endpoint) : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public async Task<RawConnection> OpenAsync(CancellationToken cancellationToken)
    {
        await socket.ConnectAsync(endpoint.Host, endpoint.Port, cancellationToken);
        return this;
    }

    public async Task SendAsync(string text, CancellationToken cancellationToken) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), cancellationToken);

    public Task SendRequestAsync(string method, string path, string? key, string? body, CancellationToken cancellationToken, string extra = "") =>
        SendAsync(Head(method, path, key, body is null ? null : Encoding.UTF8.GetByteCount(body), extra) + body, cancellationToken);

    public string Head(string method, string path, string? key, int? length, string extra = "") => string.Create(CultureInfo.InvariantCulture,
        $"{method} {path} HTTP/1.1\r\nHost: {endpoint.Authority}\r\n")
        + (key is null ? "" : $"x-api-key: {key}\r\n")
        + (length is null ? "" : string.Create(CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {length}\r\n"))
        + extra + "\r\n";

    /// <summary>Reads until the connection ends.</summary>
    public async Task<(string Text, bool Reset)> ReadToEndAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await socket.ReceiveAsync(buffer, cancellationToken)) > 0;)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
            return (text.ToString(), false);
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset)
        {
            return (text.ToString(), true);
        }
    }

    /// <summary>Reads until the text ends with something.</summary>
    public async Task<string> ReadUntilAsync(Func<string, bool> enough, CancellationToken cancellationToken)
    {
        var text = "";
        var buffer = new byte[16 * 1024];
        while (!enough(text))
        {
            var read = await socket.ReceiveAsync(buffer, cancellationToken);
            Assert.True(read > 0, $"The connection ended after: {text}");
            text += Encoding.Latin1.GetString(buffer, 0, read);
        }
        return text;
    }

    public bool HasSomethingToRead => socket.Poll(0, SelectMode.SelectRead);

    public void Dispose() => socket.Dispose();
}
