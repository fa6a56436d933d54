using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator.Api;

/// <summary>Responses in the shapes of the service.</summary>
internal static class ApiResponses
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The usual error body: <c>{"error": "…"}</c>.</summary>
    public static Task ErrorAsync(ApiContext exchange, int status, string message)
    {
        exchange.Note ??= message;
        return JsonAsync(exchange, status, json => json.WriteString("error", message));
    }

    public static async Task JsonAsync(ApiContext exchange, int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        await BytesAsync(exchange, status, "application/json", buffer.WrittenMemory);
    }

    /// <summary>JSON of any size, sent as it is written.</summary>
    public static async Task StreamAsync(ApiContext exchange, int status, Func<Utf8JsonWriter, Task> write)
    {
        var response = exchange.Context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(response.Body, Relaxed);
        await write(json);
        await json.FlushAsync(exchange.Aborted);
    }

    public static Task TextAsync(ApiContext exchange, int status, string contentType, string body) =>
        BytesAsync(exchange, status, contentType, Encoding.UTF8.GetBytes(body));

    /// <summary>A response of a proxy or a web framework instead of the API.</summary>
    public static Task HtmlAsync(ApiContext exchange, int status, string title) => TextAsync(exchange, status, "text/html; charset=utf-8", $"""
        <!doctype html>
        <html lang=en>
        <title>{status} {title}</title>
        <h1>{title}</h1>
        <p>This page is not JSON.</p>

        """);

    public static async Task FileAsync(ApiContext exchange, string contentType, SpoolFile file)
    {
        var response = exchange.Context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = contentType;
        response.ContentLength = file.Length;
        if (HttpMethods.IsHead(exchange.Context.Request.Method))
        {
            return;
        }
        await using var bytes = file.OpenRead();
        await bytes.CopyToAsync(response.Body, exchange.Aborted);
    }

    public static async Task BytesAsync(ApiContext exchange, int status, string? contentType, ReadOnlyMemory<byte> body)
    {
        var response = exchange.Context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(exchange.Context.Request.Method))
        {
            await response.Body.WriteAsync(body, exchange.Aborted);
        }
    }
}
