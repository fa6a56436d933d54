using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using QwenEdit.Journal;

namespace QwenEdit.Tests.Crash.Support;

/// <summary>What stands before the service in the fixture: it speaks TLS, offers HTTP/2 and HTTP/1.1, and hands every request on.</summary>
internal sealed class TlsFront : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private readonly HttpClient _service = new();

    private TlsFront(Uri service)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(_certificate);
        }));
        _app = builder.Build();
        _app.Run(context => HandOnAsync(context, service));
    }

    internal string Url => _app.Urls.Single();

    /// <summary>The certificate in PEM, for whoever is to trust it.</summary>
    internal string Certificate => _certificate.ExportCertificatePem();

    /// <summary>The method and the protocol of each request.</summary>
    internal ConcurrentQueue<(string Method, string Protocol)> Requests { get; } = [];

    internal static async Task<TlsFront> StartAsync(Uri service)
    {
        TlsFront front = new(service);
        await front._app.StartAsync();
        return front;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _service.Dispose();
        _certificate.Dispose();
    }

    private async Task HandOnAsync(HttpContext context, Uri service)
    {
        Requests.Enqueue((context.Request.Method, context.Request.Protocol));
        using HttpRequestMessage request = new(new HttpMethod(context.Request.Method), new Uri(service, context.Request.Path + context.Request.QueryString));
        request.Headers.Add("x-api-key", context.Request.Headers["x-api-key"].ToString());
        if (HttpMethods.IsPost(context.Request.Method))
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.Add("Content-Type", context.Request.ContentType);
        }

        using HttpResponseMessage response = await _service.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await response.Content.CopyToAsync(context.Response.Body);
    }
}
