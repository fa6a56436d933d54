using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace QwenEdit.Tests.Commands.Support;

/// <summary>A web server on this machine with one image under every address, for the service to fetch.</summary>
public sealed class LocalWeb : IAsyncDisposable
{
    private readonly WebApplication _server;

    private LocalWeb(WebApplication server) => _server = server;

    /// <summary>Its address, without a slash at the end.</summary>
    public string Address => _server.Urls.Single();

    /// <summary>Starts it.</summary>
    public static async Task<LocalWeb> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        LocalWeb web = new(builder.Build());
        web._server.Run(context => context.Response.Body.WriteAsync(MadeImages.Png).AsTask());
        await web._server.StartAsync();
        return web;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
