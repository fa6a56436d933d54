using System.Text.Json;

namespace QwenEdit.Emulator;

/// <summary>
/// What a test or a person tells the emulator over HTTP: <c>/_emulator/…</c> on the API's port, without a key.
/// Nothing of it is in the ledger. README.md documents it.
/// </summary>
internal sealed class ControlApi(EmulatorParts parts, Ledger ledger, StatusPage page)
{
    public static bool Owns(PathString path) => path == "/" || path.StartsWithSegments("/_emulator");

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await RouteAsync(context, (context.Request.Path.Value ?? "/").Split('/', StringSplitOptions.RemoveEmptyEntries));
        }
        catch (Exception error) when (error is JsonException or ArgumentException or OverflowException)
        {
            await SayAsync(context, StatusCodes.Status400BadRequest, error.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to be told.
            context.Abort();
        }
    }

    private Task RouteAsync(HttpContext context, string[] path) => (context.Request.Method, path) switch
    {
        ("GET" or "HEAD", []) => StatusPage.ShowAsync(context),
        ("GET", ["_emulator", "status"]) => AnswerAsync(context, page.Snapshot()),
        ("GET", ["_emulator", "jobs", var id, "before" or "after"]) => page.ShowThumbnailAsync(context, id, after: path[^1] == "after"),
        ("GET", ["_emulator", "ledger"]) => AnswerAsync(context, new LedgerView(ledger.Billed, ledger.Jobs, ledger.Requests)),
        ("GET", ["_emulator", "faults"]) => AnswerAsync(context, Faults()),
        ("POST", ["_emulator", "faults"]) => AddFaultsAsync(context),
        ("DELETE", ["_emulator", "faults"]) => DoAsync(context, parts.Faults.Clear),
        ("GET", ["_emulator", "clock"]) => AnswerAsync(context, Clock()),
        ("POST", ["_emulator", "clock", "advance"]) => AdvanceAsync(context),
        ("GET", ["_emulator", "keys"]) => AnswerAsync(context, Keys()),
        ("POST", ["_emulator", "keys"]) => SetKeyAsync(context),
        ("POST", ["_emulator", "reset"]) => DoAsync(context, parts.Reset),
        _ => SayAsync(context, StatusCodes.Status404NotFound, "The control API has no such path and verb; the emulator's README lists them."),
    };

    private async Task AddFaultsAsync(HttpContext context)
    {
        var body = await ReadAsync<JsonElement>(context);
        var faults = body.ValueKind is JsonValueKind.Array
            ? body.Deserialize<FaultBody[]>(ControlJson.Options)!
            : [body.Deserialize<FaultBody>(ControlJson.Options)!];
        foreach (var fault in faults)
        {
            parts.Faults.Add(fault.ToFault());
        }
        await AnswerAsync(context, Faults());
    }

    private async Task AdvanceAsync(HttpContext context)
    {
        parts.Clock.Advance((await ReadAsync<AdvanceBody>(context)).Span);
        await AnswerAsync(context, Clock());
    }

    private async Task SetKeyAsync(HttpContext context)
    {
        var wish = await ReadAsync<KeyBody>(context);
        var account = parts.Accounts.GetOrAdd(wish.Key);
        await AnswerAsync(context, parts.Jobs.WithMoney(() =>
        {
            account.Credits = wish.Credits ?? account.Credits;
            account.SpendLimit = wish.SpendLimit ?? account.SpendLimit;
            account.RequestsPerMinute = wish.RequestsPerMinute ?? account.RequestsPerMinute;
            account.State = wish.State ?? account.State;
            return KeyView.Of(account);
        }));
    }

    private List<FaultBody> Faults() => parts.Faults.Active.Select(FaultBody.Of).ToList();

    private ClockView Clock() => new(parts.Clock.Now, parts.Clock.Ahead.TotalSeconds);

    private List<KeyView> Keys() => parts.Jobs.WithMoney(() => parts.Accounts.All.Select(KeyView.Of).ToList());

    private static async Task<T> ReadAsync<T>(HttpContext context) =>
        await JsonSerializer.DeserializeAsync<T>(context.Request.Body, ControlJson.Options, context.RequestAborted)
        ?? throw new JsonException("A JSON body is expected.");

    private static async Task DoAsync(HttpContext context, Action action)
    {
        action();
        await AnswerAsync(context, new { Done = true });
    }

    private static Task AnswerAsync<T>(HttpContext context, T answer)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return JsonSerializer.SerializeAsync(context.Response.Body, answer, ControlJson.Options, context.RequestAborted);
    }

    private static Task SayAsync(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return AnswerAsync(context, new { Error = error });
    }
}
