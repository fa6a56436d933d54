using System.Management.Automation;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>What lies between a user and the service says what it objects to, and is not told the key.</summary>
public sealed class ConnectionTests : CommandTest
{
    protected override IReadOnlyList<string> Images { get; } = ["a.png"];

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_named_and_nothing_is_sent()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using RawServer server = new((_, connection) => connection.AnswerAsync(RawAnswer.Accepted()), certificate);

        string message = await FailAsync($"-Endpoint {server.Url}");

        Assert.Contains("certificate", message, StringComparison.Ordinal);
        Assert.Contains("see about_QwenEdit", message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_proxy_that_wants_to_know_who_asks_is_told_and_is_not_told_the_key()
    {
        await using RawServer proxy = new((request, connection) => connection.AnswerAsync(request.Headers.ContainsKey("Proxy-Authorization")
            ? RawAnswer.Error(403)
            : RawAnswer.Error(407, headers: ("Proxy-Authenticate", "Basic realm=\"proxy\""))));
        Host.Set("credential", new PSCredential("somebody", new System.Net.NetworkCredential("", "something").SecurePassword));

        string refused = await FailAsync($"-Proxy {proxy.Url} -Endpoint https://name.invalid");
        string known = await FailAsync($"-Proxy {proxy.Url} -ProxyCredential $credential -Endpoint https://name.invalid");

        Assert.Contains("407", refused, StringComparison.Ordinal);
        Assert.Contains("403", known, StringComparison.Ordinal);
        Assert.All(proxy.Requests, request => Assert.Equal("CONNECT", request.Method));
        Assert.All(proxy.Requests, request => Assert.DoesNotContain(Emulator.ApiKey, request.Headers.Values));
    }

    [Theory]
    [InlineData("proxy:8080")]
    [InlineData("proxy")]
    [InlineData("ftp://proxy:8080")]
    [InlineData("file:///proxy")]
    public async Task A_proxy_that_can_not_be_one_is_refused_at_binding(string proxy)
    {
        ScriptRun run = await RunAsync($"Invoke-QwenImageEdit a.png 'Make it red' -Proxy {proxy}");

        ErrorRecord error = run.TerminatingError!;
        Assert.StartsWith("ParameterArgumentValidationError,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("http://proxy:8080", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Emulator.Ledger.Requests);
        Assert.Empty((await RunAsync("Get-QwenEditJob")).WithoutErrors().Output);
    }

    private async Task<string> FailAsync(string parameters)
    {
        ScriptRun run = await RunAsync($"Invoke-QwenImageEdit a.png 'Make it red' -MaximumRetryCount 0 {parameters}");
        ErrorRecord error = Assert.Single(run.Errors);
        Assert.StartsWith("ConnectionFailed,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        return error.ToString();
    }
}
