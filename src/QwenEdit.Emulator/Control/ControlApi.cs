using System.Text.Json;
using QwenEdit.Emulator.Records;
using QwenEdit.Emulator.Status;

namespace QwenEdit.Emulator.Control;

/// <summary>
/// Controls the emulator over HTTP: <c>/_emulator/…</c> on the API's port, without a key. The ledger has none of these requests. README.md documents
/// them.
/// </summary>
internal sealed class ControlApi(EmulatorParts parts, Ledger ledger, StatusPage page)
{
    public static bool Owns(PathString path) => path == "/" || path.StartsWithSegments("/_emulator");

    public async Task HandleAsync(HttpContext context)
    {
        // A web page can send other content types, such as a form's, to this machine without the browser's permission check.
        if (HttpMethods.IsPost(context.Request.Method) && !context.Request.HasJsonContentType())
        {
            await SayAsync(context, StatusCodes.Status415UnsupportedMediaType, "The control API takes a POST with the header Content-Type: application/json only.");
            return;
        }
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
            // The client has disconnected.
            context.Abort();
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            await SayAsync(context, StatusCodes.Status500InternalServerError, $"The emulator itself failed: {error.Message}");
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
        _ => SayAsync(
            context, StatusCodes.Status404NotFound,
            "The control API has no such path and verb. It has GET /_emulator/status, /ledger, /faults, /clock, /keys; POST /_emulator/faults, "
            + "/clock/advance, /keys, /reset; and DELETE /_emulator/faults."),
    };

    private async Task AddFaultsAsync(HttpContext context)
    {
        var body = await ReadAsync(context);
        var faults = body.ValueKind is JsonValueKind.Array ? [.. body.EnumerateArray()] : (JsonElement[])[body];
        // Either all faults of a list are added, or none.
        foreach (var fault in faults.Select(fault => ControlJson.Read<FaultBody>(fault).ToFault()).ToList())
        {
            parts.Faults.Add(fault);
        }
        await AnswerAsync(context, Faults());
    }

    private async Task AdvanceAsync(HttpContext context)
    {
        parts.Clock.Advance(ControlJson.Read<AdvanceBody>(await ReadAsync(context)).Span);
        await AnswerAsync(context, Clock());
    }

    private async Task SetKeyAsync(HttpContext context)
    {
        var wish = ControlJson.Read<KeyBody>(await ReadAsync(context));
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

    private static async Task<JsonElement> ReadAsync(HttpContext context)
    {
        using var document = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        return document.RootElement.Clone();
    }

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
