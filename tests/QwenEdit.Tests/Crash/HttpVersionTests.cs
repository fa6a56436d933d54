using QwenEdit.Tests.Crash.Support;

namespace QwenEdit.Tests.Crash;

/// <summary>Over TLS, questions go by HTTP/2 where that is offered, and submissions never do.</summary>
[Collection(ProcessTests.Name)]
public sealed class HttpVersionTests
{
    [TrustFact]
    public async Task Questions_go_over_HTTP_2_and_submissions_over_HTTP_1()
    {
        await using CrashFixture fixture = await CrashFixture.StartAsync(images: 3, latency: 0.2);
        await using TlsFront front = await TlsFront.StartAsync(fixture.Service.Endpoint);
        string trusted = Path.Combine(fixture.Images, "trusted.pem");
        await File.WriteAllTextAsync(trusted, front.Certificate);

        using EditProcess process = fixture.Start(("SEGMIND_ENDPOINT", front.Url), ("SSL_CERT_FILE", trusted));
        EndedProcess ended = await process.EndedAsync();

        Assert.True(ended.Errors.Count == 0, ended.ToString());
        Assert.Equal(3, ended.Count(EditOutcome.Received));
        Assert.Equal(["HTTP/1.1"], Protocols("POST"));
        Assert.Equal(["HTTP/2"], Protocols("GET"));

        IEnumerable<string> Protocols(string method) => front.Requests.Where(request => request.Method == method).Select(request => request.Protocol).Distinct();
    }
}

/// <summary>A test whose process trusts a certificate of the test's; skipped where that takes more than an environment variable.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TrustFactAttribute : FactAttribute
{
    public TrustFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "Certificates are trusted by SSL_CERT_FILE on Linux only.";
}
