using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Segmind;

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
