using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Segmind.Http;

/// <summary>Creates an <see cref="ApiResponse"/> from the result or the exception of the HTTP stack.</summary>
internal static class ResponseReader
{
    /// <summary>The longest message that is quoted from a response, in characters.</summary>
    private const int MaximumMessage = 300;

    internal static ApiResponse Of(string request, HttpResponseMessage response, byte[] body)
    {
        body = JsonBytes.Repair(body);
        ApiResponse answer = new()
        {
            Request = request,
            Status = response.StatusCode,
            Body = body,
            RequestId = JsonBytes.RequestId(body),
            Headers = response.Headers,
        };
        try
        {
            using var document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                ? answer with { IsJson = true, IsEnvelope = IsEnvelope(root), Ended = Ended(root), Message = JsonMessage(root) }
                : answer with { Message = PageText(body) };
        }
        catch (JsonException)
        {
            // The body is a page of a proxy, or empty.
            return answer with { Message = PageText(body) };
        }
    }

    internal static ApiResponse OfBroken(string request, Exception exception, SubmissionBody? body, Redactor secret)
    {
        TransportFailure broken = body switch
        {
            _ when exception is ResponseTooLargeException => TransportFailure.TooLarge,
            { SourceFailure: not null } => TransportFailure.BySource,
            not null when body.Withdraw() => TransportFailure.BeforeSending,
            _ => TransportFailure.Open,
        };
        Exception cause = body?.SourceFailure ?? exception;
        // The exception's message of .NET quotes an invalid header.
        string message = TerminalText.Take(UrlRedactor.WithoutSecrets(secret.Cover(Innermost(cause))));
        bool isTold = secret.IsIn(cause.ToString());
        return new ApiResponse { Request = request, Failure = broken, Exception = isTold ? new IOException(message) : cause, Message = message };
    }

    // The error is {"error": "<message>"}, or from the authorization {"error": "<code>", "error_description": "…", "status_code": 401}.
    private static bool IsEnvelope(JsonElement root) =>
        root.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.String && !error.ValueEquals(string.Empty)
        && root.EnumerateObject().All(field => field.NameEquals("error") || field.NameEquals("error_description") || field.NameEquals("status_code"));

    private static EditState? Ended(JsonElement root) =>
        !root.TryGetProperty("status", out JsonElement status) || status.ValueKind != JsonValueKind.String ? null
        : status.ValueEquals("COMPLETED") ? EditState.Completed
        : status.ValueEquals("FAILED") ? EditState.Failed
        : null;

    private static string JsonMessage(JsonElement root)
    {
        foreach (string name in (ReadOnlySpan<string>)["error_description", "error", "message", "detail"])
        {
            if (root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
            {
                return Shorten(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
            }
        }

        return string.Empty;
    }

    private static string PageText(byte[] body)
    {
        string page = Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 16 * 1024));
        Match title = Title.Match(page);
        return Shorten(title.Success ? title.Groups[1].Value : Tags.Replace(page, " "));
    }

    private static string Shorten(string text)
    {
        // The text is shortened first, as it may be as long as the body.
        string line = Spaces.Replace(TerminalText.Shorten(text, 4 * MaximumMessage), " ").Trim();
        return TerminalText.Escape(TerminalText.Shorten(line, MaximumMessage));
    }

    private static string Innermost(Exception exception)
    {
        Exception cause = exception.GetBaseException();
        // "Connection refused (127.0.0.1:443)" has the "Connection refused" of its cause.
        return exception.Message.IndexOf(cause.Message, StringComparison.Ordinal) < 0 ? $"{exception.Message} {cause.Message}" : exception.Message;
    }

    private static readonly Regex Title = new("<title[^>]*>(.*?)</title>", RegexOptions.IgnoreCase | RegexOptions.Singleline);
    private static readonly Regex Tags = new("<(script|style).*?</\\1>|<[^>]*>", RegexOptions.IgnoreCase | RegexOptions.Singleline);
    private static readonly Regex Spaces = new("\\s+");
}
