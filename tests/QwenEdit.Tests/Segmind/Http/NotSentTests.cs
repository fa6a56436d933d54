using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Segmind.Http;

/// <summary>Where provably nothing was sent, a submission is tried again, and at last the error says that no job was made.</summary>
public sealed class NotSentTests
{
    private const int Retries = 2;

    [Fact]
    public Task A_refused_connection() => AssertNotSent(new Uri($"http://127.0.0.1:{FreePort()}/"));

    [Fact]
    public Task A_name_that_does_not_resolve() => AssertNotSent(new Uri("https://name.invalid/"));

    [Fact]
    public async Task A_server_that_does_not_speak_TLS()
    {
        await using RawServer server = RawServer.Answering(RawAnswer.Accepted());

        await AssertNotSent(new UriBuilder(server.Url) { Scheme = "https" }.Uri);

        Assert.Equal(1 + Retries, server.ConnectionCount);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts()
    {
        using X509Certificate2 certificate = SelfSigned();
        await using RawServer server = new((_, connection) => connection.AnswerAsync(RawAnswer.Accepted()), certificate);

        await AssertNotSent(server.Url);

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_proxy_that_NET_rejects()
    {
        using TestClient client = new(new Uri("https://name.invalid/"), Retries, new WebProxy(new Uri("proxy:8080")));

        QwenEditException failure = await client.SubmitInVainAsync(TestClient.Payload());

        Assert.Equal(EditError.ConnectionFailed, failure.Error);
        Assert.Contains("scheme", failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_connection_that_is_not_made_in_time()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using TestClient client = new(new Uri($"https://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/"), maximumRetryCount: 0);

        Task<QwenEditException> submission = client.SubmitInVainAsync(TestClient.Payload());
        using TcpClient connection = await silent.AcceptTcpClientAsync();
        client.Clock.Advance(SkippingClock.Limit);

        Assert.Equal(EditError.ConnectionFailed, (await submission.Soon()).Error);
    }

    [Fact]
    public async Task A_cancellation_while_the_connection_is_made()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using TestClient client = new(new Uri($"https://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/"));
        using CancellationTokenSource cancellation = new();

        Task<JobReference> submission = client.SubmitAsync(TestClient.Payload(), cancellationToken: cancellation.Token);
        using TcpClient connection = await silent.AcceptTcpClientAsync();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => submission.Soon());
        // The journal hears that there is no job, or the edit would be unknown.
        Assert.Equal((1, 1), (client.Tries, client.Returned));
    }

    [Fact]
    public async Task A_service_that_comes_up_meanwhile_gets_the_edit_once()
    {
        int port = FreePort();
        using TestClient client = new(new Uri($"http://127.0.0.1:{port}/"), Retries);
        await Assert.ThrowsAsync<QwenEditException>(() => client.SubmitAsync());
        using TcpListener listener = new(IPAddress.Loopback, port);
        listener.Start();
        Task<TcpClient> accepted = listener.AcceptTcpClientAsync();

        Task submission = client.SubmitAsync();
        using TcpClient connection = await accepted.Soon();
        using StreamReader reader = new(connection.GetStream());
        Assert.StartsWith("POST /v2/qwen-image-edit-fast HTTP/1.1", await reader.ReadLineAsync(), StringComparison.Ordinal);
        connection.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        connection.Close();

        Assert.Equal(EditError.OutcomeUnknown, (await Assert.ThrowsAsync<QwenEditException>(() => submission.Soon())).Error);
        Assert.False(listener.Pending());
    }

    private static async Task AssertNotSent(Uri endpoint)
    {
        using TestClient client = new(endpoint, Retries);

        QwenEditException failure = await client.SubmitInVainAsync(TestClient.Payload());

        Assert.Equal(EditError.ConnectionFailed, failure.Error);
        Assert.Null(failure.StatusCode);
        Assert.NotNull(failure.InnerException);
        Assert.Equal(1 + Retries, client.Tries);
        Assert.Contains(endpoint.Host, failure.Message, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static X509Certificate2 SelfSigned()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
