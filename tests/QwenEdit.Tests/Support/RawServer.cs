using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using QwenEdit.Journal;

namespace QwenEdit.Tests.Support;

/// <summary>A server for what no proper server does: a test says, byte by byte if need be, what happens on a connection.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<RawRequest, RawConnection, Task> _serve;
    private readonly X509Certificate2? _certificate;
    private readonly ConcurrentQueue<RawRequest> _requests = new();
    private readonly TaskCompletionSource<RawRequest> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<Socket, Task> _connections = new();
    private readonly Task _accepting;
    private int _connectionCount;

    /// <summary>Starts a server.</summary>
    /// <param name="serve">What happens when the head of a request has come. The connection stays open unless it ends it.</param>
    /// <param name="certificate">Makes it speak TLS.</param>
    internal RawServer(Func<RawRequest, RawConnection, Task> serve, X509Certificate2? certificate = null)
    {
        _serve = serve;
        _certificate = certificate;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Starts a server that reads each request to its end and gives the answers in turn, the last one for good.</summary>
    internal static RawServer Answering(params RawAnswer[] answers)
    {
        int next = 0;
        return new RawServer(async (request, connection) =>
        {
            await connection.ReadBodyAsync(request);
            await connection.AnswerAsync(answers[Math.Min(Interlocked.Increment(ref next), answers.Length) - 1]);
        });
    }

    internal Uri Url => new($"{(_certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    /// <summary>The requests whose heads have come, in order.</summary>
    internal IReadOnlyList<RawRequest> Requests => [.. _requests];

    /// <summary>The first request, as soon as its head has come.</summary>
    internal Task<RawRequest> First => _first.Task;

    /// <summary>How many connections there have been, those without a request too.</summary>
    internal int ConnectionCount => Volatile.Read(ref _connectionCount);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        foreach (Socket socket in _connections.Keys)
        {
            socket.Dispose();
        }

        await Task.WhenAll(_connections.Values);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync();
                Interlocked.Increment(ref _connectionCount);
                _connections[socket] = Task.Run(() => ServeAsync(socket));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        RawRequest? request = null;
        try
        {
            using NetworkStream network = new(socket, ownsSocket: true);
            using Stream stream = _certificate is null ? network : await SecureAsync(network, _certificate);
            RawConnection connection = new(socket, stream);
            while (!connection.IsOver && (request = await connection.ReadHeadAsync()) is not null)
            {
                _requests.Enqueue(request);
                _first.TrySetResult(request);
                await _serve(request, connection);
                request.End();
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or AuthenticationException)
        {
            // The client broke off, or the test did.
        }
        finally
        {
            request?.End();
        }
    }

    private static async Task<Stream> SecureAsync(Stream network, X509Certificate2 certificate)
    {
        SslStream secure = new(network);
        await secure.AuthenticateAsServerAsync(certificate);
        return secure;
    }
}
