using System.Net;
using QwenEdit.Emulator.Control;

namespace QwenEdit.Emulator.Api;

/// <summary>
/// Refuses requests for host names that are not this machine's. Otherwise a web page could use a host name that resolves to 127.0.0.1, and read the
/// images and change the state of an emulator through its visitor's browser.
/// </summary>
internal sealed class HostCheck(EmulatorOptions options)
{
    public bool Allows(HostString host)
    {
        var name = host.Host;
        return IPAddress.TryParse(name.Trim('[', ']'), out _)
            || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || options.AllowedHosts.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    public static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        return context.Response.WriteAsJsonAsync(
            new
            {
                error = $"The emulator doesn't answer to the host name '{context.Request.Host.Host}': use localhost or an IP address, or start it with --allowed-host <name>.",
            },
            ControlJson.Options, context.RequestAborted);
    }
}
