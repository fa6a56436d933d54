using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.History;

namespace QwenEdit.Emulator.Api;

/// <summary>Sends a request to the endpoint of its route.</summary>
internal sealed class Endpoints(
    SubmitEndpoint submit, SyncEndpoint sync, PollEndpoint poll, CreditsEndpoint credits, UploadEndpoint upload, FileEndpoint file, HistoryEndpoint history)
{
    public Task ServeAsync(ApiContext exchange) => exchange.Target switch
    {
        { WrongVerb: true } => ApiResponses.HtmlAsync(exchange, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed"),
        { Route: ApiRoute.Submit } => submit.SubmitAsync(exchange),
        { Route: ApiRoute.Sync } => sync.GenerateAsync(exchange),
        { Route: ApiRoute.Status or ApiRoute.Result or ApiRoute.Poll } => poll.PollAsync(exchange),
        { Route: ApiRoute.Credits } => credits.GetAsync(exchange),
        { Route: ApiRoute.Upload } => upload.UploadAsync(exchange),
        { Route: ApiRoute.File } => file.GetAsync(exchange),
        { Route: ApiRoute.History } => history.GetAsync(exchange),
        _ => ApiResponses.ErrorAsync(exchange, StatusCodes.Status404NotFound, "Not found"),
    };

    /// <summary>The fault that a test prompt has asked for.</summary>
    public Fault? FaultOf(RequestTarget target) => target.Route is ApiRoute.File ? file.FaultOf(target.Argument) : null;
}
