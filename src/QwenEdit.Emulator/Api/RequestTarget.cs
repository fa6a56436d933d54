namespace QwenEdit.Emulator.Api;

/// <summary>Where a request goes.</summary>
/// <param name="Route">What it is for.</param>
/// <param name="Argument">The model, the request id or the file of the path.</param>
/// <param name="WrongVerb">The path is there, the verb isn't (405).</param>
internal readonly record struct RequestTarget(ApiRoute Route, string Argument = "", bool WrongVerb = false)
{
    public static RequestTarget Of(EmulatorPort port, string method, string path) => port switch
    {
        EmulatorPort.Files => For("GET", method, new(ApiRoute.File, path), orHead: true),
        EmulatorPort.History => OfHistory(method, path.Split('/', StringSplitOptions.RemoveEmptyEntries)),
        _ => OfApi(method, path.Split('/', StringSplitOptions.RemoveEmptyEntries)),
    };

    private static RequestTarget OfApi(string method, string[] path) => path switch
    {
        ["v1", "get-user-credits"] => For("GET", method, new(ApiRoute.Credits)),
        ["upload-asset"] => For("POST", method, new(ApiRoute.Upload)),
        ["v1", "requests", var id] => For("GET", method, new(ApiRoute.Poll, id)),
        ["v2", "requests", var id] => For("GET", method, new(ApiRoute.Result, id)),
        ["v2", "requests", var id, "status"] => For("GET", method, new(ApiRoute.Status, id)),
        ["v1", var model] => For("POST", method, new(ApiRoute.Sync, model)),
        ["v2", var model] => For("POST", method, new(ApiRoute.Submit, model)),
        _ => new(ApiRoute.Unknown),
    };

    private static RequestTarget OfHistory(string method, string[] path) => path switch
    {
        ["inference-request", "request-history"] => For("GET", method, new(ApiRoute.History)),
        ["inference-request", "request-history", var id] => For("GET", method, new(ApiRoute.History, id)),
        ["inference-request", "generations"] => For("GET", method, new(ApiRoute.History, GenerationsArgument)),
        _ => new(ApiRoute.Unknown),
    };

    /// <summary>The older list of outputs; no request id looks like it.</summary>
    public const string GenerationsArgument = "generations";

    private static RequestTarget For(string verb, string method, RequestTarget target, bool orHead = false) =>
        method == verb || (orHead && method == "HEAD") ? target : target with { WrongVerb = true };
}
