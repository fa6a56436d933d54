using Microsoft.AspNetCore.Http.Features;
namespace QwenEdit.Emulator;

/// <summary>Takes every request: enters it in the books, lets it meet its fault, and sends it to its endpoint.</summary>
internal sealed class RequestPipeline(
    EmulatorOptions options, EmulatorClock clock, RequestLog log, Faults faults, FaultRunner runner,
    SubmitEndpoint submit, PollEndpoint poll, FileEndpoint file)
{
    public async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var door = context.Features.GetRequiredFeature<DoorFeature>().Door;
        var path = request.Path.Value ?? "/";
        var exchange = new Exchange(context, Target.Of(door, request.Method, path));
        var route = exchange.Target.Route;
        var entry = log.Enter(route, request.Method, path, exchange.Key is { } key ? Account.Mask(key) : null);
        var fault = faults.Take(route);
        if (fault is not null)
        {
            log.Meet(entry, fault.Label);
        }
        // Before the client can know the answer, the books have it.
        context.Response.OnStarting(() =>
        {
            log.Answer(entry, context.Response.StatusCode, exchange.BytesRead, exchange.Job);
            return Task.CompletedTask;
        });
        try
        {
            await (fault is null ? ServeAsync(exchange) : runner.RunAsync(fault, exchange, ServeAsync));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            exchange.Note = "the client went away";
        }
        finally
        {
            if (!context.Response.HasStarted && (fault is not null || context.RequestAborted.IsCancellationRequested))
            {
                log.Answer(entry, 0, exchange.BytesRead, exchange.Job);
            }
            WriteLine(exchange, path, fault);
        }
    }

    private Task ServeAsync(Exchange exchange) => exchange.Target switch
    {
        { WrongVerb: true } => Answers.HtmlAsync(exchange, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed"),
        { Route: ApiRoute.Submit } => submit.SubmitAsync(exchange),
        { Route: ApiRoute.Status or ApiRoute.Result or ApiRoute.Poll } => poll.PollAsync(exchange),
        { Route: ApiRoute.File } => file.GetAsync(exchange),
        _ => Answers.ErrorAsync(exchange, StatusCodes.Status404NotFound, "Not found"),
    };

    private void WriteLine(Exchange exchange, string path, Fault? fault)
    {
        if (options.Log is null)
        {
            return;
        }
        var context = exchange.Context;
        var status = context.Response.HasStarted ? context.Response.StatusCode : 0;
        options.Log.WriteLine($"{clock.Now:HH:mm:ss.fff} {status:000} {context.Request.Method,-4} {path}"
            + (exchange.Job is { } job && exchange.Target.Route is ApiRoute.Submit ? $" → {job.Id}" : "")
            + (exchange.BytesRead > 0 ? $" ({exchange.BytesRead:N0} bytes)" : "")
            + (exchange.Note is { } note ? $" · {note}" : "")
            + (fault is not null ? $" · fault: {fault.Label}" : ""));
    }
}
