using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using QwenEdit.Emulator.Api;

namespace QwenEdit.Emulator.Faults;

/// <summary>Serves a request with its fault.</summary>
internal sealed class FaultRunner(EmulatorClock clock)
{
    public async Task RunAsync(Fault fault, ApiContext exchange, Func<ApiContext, Task> serve)
    {
        switch (fault.Kind)
        {
            case FaultKind.Answer:
                await exchange.DrainAsync();
                await AnswerAsync(fault, exchange);
                break;
            case FaultKind.AnswerAfterAccepting:
                await ServeUnheardAsync(exchange, serve);
                await AnswerAsync(fault, exchange);
                break;
            case FaultKind.DelayReading:
                await WaitAsync(fault.Delay, exchange);
                AddHeaders(fault, exchange);
                await serve(exchange);
                break;
            case FaultKind.ResetBeforeReading:
                Reset(exchange, 0);
                break;
            case FaultKind.ResetAfterReading:
                await exchange.DrainAsync();
                Reset(exchange, 0);
                break;
            case FaultKind.ResetAfterAccepting:
                await ServeUnheardAsync(exchange, serve);
                Reset(exchange, 0);
                break;
            default:
                AddHeaders(fault, exchange);
                exchange.Context.Response.Body = Body(fault, exchange);
                await serve(exchange);
                break;
        }
    }

    private Stream Body(Fault fault, ApiContext exchange)
    {
        var context = exchange.Context;
        var inner = context.Response.Body;
        Func<long> half = () => fault.AfterBytes ?? context.Response.ContentLength.GetValueOrDefault() / 2;

        switch (fault.Kind)
        {
            case FaultKind.DelayHeaders:
                return new LateBody(inner, () => WaitAsync(fault.Delay, exchange));
            case FaultKind.DelayBody:
                return new FaultyBody(inner, half, async () =>
                {
                    await WaitAsync(fault.Delay, exchange);
                    return true;
                });
            case FaultKind.ResetInResponse:
                return new FaultyBody(inner, half, () =>
                {
                    Reset(exchange, context.Response.StatusCode);
                    return Task.FromResult(false);
                });
            case FaultKind.EndInResponse:
                return new FaultyBody(inner, half, () =>
                {
                    End(context);
                    return Task.FromResult(false);
                });
            case FaultKind.Trickle:
                return new FaultyBody(inner, () => long.MaxValue, () => Task.FromResult(true),
                    sent => WaitAsync(TimeSpan.FromSeconds((double)sent / fault.BytesPerSecond), exchange));
            default:
                context.Response.Headers.Connection = "close";
                return inner;
        }
    }

    // Counted from the arrival, so that a test that moves the clock need not know how far the request has come.
    private Task WaitAsync(TimeSpan span, ApiContext exchange) => clock.WaitUntilAsync(exchange.Arrived + span.Ticks, exchange.Aborted);

    /// <summary>Serves the request as usual, and drops the response.</summary>
    private static async Task ServeUnheardAsync(ApiContext exchange, Func<ApiContext, Task> serve)
    {
        var response = exchange.Context.Response;
        var body = response.Body;
        response.Body = new ResponseBody();
        await serve(exchange);
        response.Body = body;
        response.Headers.Clear();
    }

    private static Task AnswerAsync(Fault fault, ApiContext exchange)
    {
        AddHeaders(fault, exchange);
        var body = fault.Body ?? $$"""{"error": "Emulated fault: {{fault.Label}}"}""";
        return ApiResponses.TextAsync(exchange, fault.Status, fault.ContentType, body);
    }

    private static void AddHeaders(Fault fault, ApiContext exchange)
    {
        foreach (var (name, value) in fault.Headers ?? new Dictionary<string, string>())
        {
            exchange.Context.Response.Headers[name] = value;
        }
    }

    /// <summary>A linger time of 0 makes closing send RST instead of FIN.</summary>
    private static void Reset(ApiContext exchange, int status)
    {
        var context = exchange.Context;
        exchange.RecordCut(status);
        var socket = SocketOf(context);
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close(0);
        context.Abort();
    }

    private static void End(HttpContext context)
    {
        SocketOf(context).Shutdown(SocketShutdown.Send);
        context.Abort();
    }

    private static Socket SocketOf(HttpContext context) => context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
}
