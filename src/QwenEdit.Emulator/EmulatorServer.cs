using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Control;

namespace QwenEdit.Emulator;

/// <summary>Kestrel with three ports.</summary>
internal static class EmulatorServer
{
    public static WebApplication Create(EmulatorOptions options, EmulatorParts parts)
    {
        // An empty builder: an emulator inside another program must not use that program's settings, arguments or Ctrl+C.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        // A flush then waits until the system has the bytes, so that a reset in a response comes after its first half.
        builder.WebHost.UseSockets(sockets => sockets.MaxWriteBufferSize = 2);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Images are large, and clients in tests are slow.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(options.Address, options.Port, listen => Open(listen, EmulatorPort.Api));
            kestrel.Listen(options.Address, options.FilesPort, listen => Open(listen, EmulatorPort.Files));
            kestrel.Listen(options.Address, options.HistoryPort, listen => Open(listen, EmulatorPort.History));
        });
        var app = builder.Build();
        var hosts = new HostCheck(options);
        app.Run(context => !hosts.Allows(context.Request.Host) ? HostCheck.RefuseAsync(context)
            : context.Features.GetRequiredFeature<PortFeature>().Door is EmulatorPort.Api && ControlApi.Owns(context.Request.Path) ? parts.Control.HandleAsync(context)
            : parts.Pipeline.HandleAsync(context));
        return app;
    }

    /// <summary>The addresses of the API, the files and the history.</summary>
    public static IReadOnlyList<Uri> Addresses(WebApplication app) =>
        [.. app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(address => new Uri(address))];

    private static void Open(ListenOptions listen, EmulatorPort port)
    {
        listen.Protocols = HttpProtocols.Http1;
        var feature = new PortFeature(port);
        listen.Use(next => connection =>
        {
            connection.Features.Set(feature);
            return next(connection);
        });
    }
}
