using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using QwenEdit.Emulator.Accounts;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Jobs;
using QwenEdit.Emulator.Records;

namespace QwenEdit.Emulator.Api;

/// <summary>Handles every request of the service: records it in the ledger, applies its fault, and passes it to its endpoint.</summary>
internal sealed class RequestPipeline(
    EmulatorOptions options, EmulatorClock clock, AccountList accounts, RequestLog log, FaultList faults, FaultRunner runner, Endpoints endpoints)
{
    public async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var path = request.Path.Value ?? "/";
        var target = RequestTarget.Of(context.Features.GetRequiredFeature<PortFeature>().Door, request.Method, path);
        var key = request.Headers["x-api-key"] is [var sent] ? sent : null;
        var entry = log.Enter(target.Route, request, path, key is null ? null : accounts.Find(key)?.KeyId ?? Account.Mask(key));
        var exchange = new ApiContext(context, target, key, log, entry);
        context.Response.OnStarting(() =>
        {
            exchange.Record(context.Response.StatusCode);
            context.Response.Headers.Date = clock.Now.ToString("R", CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        });
        var fault = faults.Take(target.Route) ?? endpoints.FaultOf(target);
        if (fault is not null)
        {
            log.Meet(entry, fault.Label);
        }
        await RunAsync(exchange, fault);
        WriteLine(exchange, path, fault);
    }

    private async Task RunAsync(ApiContext exchange, Fault? fault)
    {
        try
        {
            await (fault is null ? endpoints.ServeAsync(exchange) : runner.RunAsync(fault, exchange, endpoints.ServeAsync));
        }
        catch (Exception error) when (IsGone(error, exchange))
        {
            exchange.Note = "the client went away";
            if (!exchange.Context.Response.HasStarted)
            {
                exchange.RecordCut(0);
            }
            exchange.Context.Abort();
        }
        catch (Exception error) when (!exchange.Context.Response.HasStarted)
        {
            exchange.Note = error.ToString();
            await ApiResponses.ErrorAsync(exchange, StatusCodes.Status500InternalServerError, $"The emulator itself failed: {error.Message}");
        }
    }

    private static bool IsGone(Exception error, ApiContext exchange) =>
        error is BadHttpRequestException or ConnectionResetException or ConnectionAbortedException
        || (exchange.Aborted.IsCancellationRequested && error is OperationCanceledException or IOException);

    private void WriteLine(ApiContext exchange, string path, Fault? fault)
    {
        if (options.Log is null)
        {
            return;
        }
        var context = exchange.Context;
        var status = exchange.IsCut && !context.Response.HasStarted ? 0 : context.Response.StatusCode;
        options.Log.WriteLine($"{clock.Now:HH:mm:ss.fff} {(status == 0 ? "---" : status)} {context.Request.Method,-4} {path}"
            + (exchange.Job is { } job && exchange.Target.Route is ApiRoute.Submit ? $" → {job.Id}" : "")
            + (exchange.BytesRead > 0 ? $" ({exchange.BytesRead:N0} bytes)" : "")
            + (exchange.Note is { } note ? $" · {note}" : "")
            + (fault is not null ? $" · fault: {fault.Label}" : ""));
    }
}
