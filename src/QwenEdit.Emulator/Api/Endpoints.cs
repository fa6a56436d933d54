namespace QwenEdit.Emulator;

/// <summary>Sends a request to the endpoint of its route.</summary>
internal sealed class Endpoints(
    SubmitEndpoint submit, SyncEndpoint sync, PollEndpoint poll, CreditsEndpoint credits, UploadEndpoint upload, FileEndpoint file, HistoryEndpoint history)
{
    public Task ServeAsync(Exchange exchange) => exchange.Target switch
    {
        { WrongVerb: true } => Answers.HtmlAsync(exchange, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed"),
        { Route: ApiRoute.Submit } => submit.SubmitAsync(exchange),
        { Route: ApiRoute.Sync } => sync.GenerateAsync(exchange),
        { Route: ApiRoute.Status or ApiRoute.Result or ApiRoute.Poll } => poll.PollAsync(exchange),
        { Route: ApiRoute.Credits } => credits.GetAsync(exchange),
        { Route: ApiRoute.Upload } => upload.UploadAsync(exchange),
        { Route: ApiRoute.File } => file.GetAsync(exchange),
        { Route: ApiRoute.History } => history.GetAsync(exchange),
        _ => Answers.ErrorAsync(exchange, StatusCodes.Status404NotFound, "Not found"),
    };

    /// <summary>The fault that a test prompt has asked for.</summary>
    public Fault? FaultOf(Target target) => target.Route is ApiRoute.File ? file.FaultOf(target.Argument) : null;
}
