using System.Globalization;
using System.Text.Json;
using QwenEdit.Imaging;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Segmind.Contracts;

/// <summary>
/// Parses the service's JSON tolerantly: every field except <c>status</c> may be missing, unknown fields are ignored, and a number may be a string.
/// </summary>
/// <remarks>
/// Each field is read on its own. A serializer would throw for the whole body if one field had an unexpected type, and a paid image would be lost
/// with it.
/// </remarks>
internal static class JobParser
{
    /// <summary>A cost of this many credits or more is an error: an edit costs a few hundredths of a credit.</summary>
    private const double AbsurdCost = 1000;

    /// <summary>How deeply an image may be nested in arrays and objects.</summary>
    private const int Depth = 4;

    private static readonly string[] ResultFields = ["output", "images"];
    private static readonly string[] SyncFields = ["image", "image_url", "output", "images"];
    private static readonly string[] ObjectFields = ["url", "image_url", "image", "base64"];

    /// <summary>Parses the response to a submission; <see langword="null"/> if it has no valid request id.</summary>
    internal static JobReference? Accepted(ApiResponse response, SegmindEndpoint endpoint)
    {
        if (response.RequestId is { } id && !response.IsJson)
        {
            // The JSON is damaged after the id.
            return new JobReference(id, endpoint.Status(id), endpoint.Result(id));
        }

        using var document = JsonDocument.Parse(response.Body);
        JsonElement root = document.RootElement;
        return Text(root, "request_id") is { } given && RequestIds.IsPossible(given)
            ? new JobReference(
                given,
                endpoint.OwnOr(Address(root, "status_url"), endpoint.Status(given)),
                endpoint.OwnOr(Address(root, "response_url"), endpoint.Result(given)))
            : null;
    }

    /// <summary>Parses a status or a result.</summary>
    internal static JobReport Report(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        JsonElement root = document.RootElement;
        JsonElement metrics = root.TryGetProperty("metrics", out JsonElement found) && found.ValueKind == JsonValueKind.Object ? found : default;
        string state = Text(root, "status") ?? string.Empty;
        return new JobReport
        {
            State = State(state),
            StateName = TerminalText.Take(state),
            Cost = Cost(Number(metrics, "cost")),
            RemainingCredits = (decimal?)Number(metrics, "remaining_credits"),
            QueueSeconds = Number(metrics, "queue_time"),
            InferenceSeconds = Number(metrics, "inference_time"),
            Seed = (long?)Number(root, "seed"),
            Error = Words(root, "error"),
            Output = Output(root, ResultFields, Depth),
        };
    }

    /// <summary>Parses the image of a synchronous response, such as <c>{"image": "…"}</c>; <see langword="null"/> if it has none.</summary>
    internal static JobOutput? Image(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return Output(document.RootElement, SyncFields, Depth);
    }

    /// <summary>Returns the state for the service's name.</summary>
    internal static EditState State(string name) => name.ToUpperInvariant() switch
    {
        "QUEUED" => EditState.Queued,
        "COMPLETED" => EditState.Completed,
        "FAILED" => EditState.Failed,
        // The service's documentation: "Treat an unknown state as running."
        _ => EditState.Processing,
    };

    // Returns the first field that contains a usable image. `output` may be empty, an object, a relative URL or plain text.
    private static JobOutput? Output(JsonElement element, string[] fields, int depth)
    {
        foreach (string field in fields)
        {
            if (element.TryGetProperty(field, out JsonElement value) && Output(value, depth) is { } output)
            {
                return output;
            }
        }

        return null;
    }

    private static JobOutput? Output(JsonElement element, int depth) => element.ValueKind switch
    {
        JsonValueKind.String => Output(element),
        JsonValueKind.Array when depth > 0 => element.EnumerateArray().Select(item => Output(item, depth - 1)).FirstOrDefault(output => output is not null),
        JsonValueKind.Object when depth > 0 => Output(element, ObjectFields, depth - 1),
        _ => null,
    };

    // The text is a URL, a data URI or base64.
    private static JobOutput? Output(JsonElement text)
    {
        // Decodes base64 directly from the UTF-8 bytes of the response, without an intermediate string.
        if (text.TryGetBytesFromBase64(out byte[]? bytes))
        {
            return IfImage(bytes);
        }

        string address = text.GetString()!;
        if (address.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return FromDataUri(address) is { } decoded ? IfImage(decoded) : null;
        }

        return Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is "https" or "http" ? new JobOutput { Url = uri } : null;
    }

    // Many ordinary words are valid base64, so the decoded bytes must be an image.
    private static JobOutput? IfImage(byte[] bytes) => ImageSignature.Tell(bytes) is null ? null : new JobOutput { Bytes = bytes };

    private static byte[]? FromDataUri(string text)
    {
        int comma = text.IndexOf(',');
        if (comma < 0)
        {
            return null;
        }

        try
        {
            return Convert.FromBase64String(text.Substring(comma + 1));
        }
        catch (FormatException)
        {
            // There is no output. The caller reports that with the request id.
            return null;
        }
    }

    private static string? Address(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Returns a field as text that is safe to show and to store; <see langword="null"/> if it is missing.</summary>
    internal static string? Words(JsonElement element, string name) => Text(element, name) is { } text
        ? TerminalText.Take(UrlRedactor.WithoutSecrets(TerminalText.Shorten(text, 2 * TerminalText.Longest)))
        : null;

    /// <summary>Returns a field of any type as text; <see langword="null"/> if it is missing.</summary>
    internal static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value)
            ? value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Null => null,
                _ => value.GetRawText(),
            }
            : null;

    /// <summary>
    /// Returns a field as a number, which may be a string in the JSON. No number of the service is larger than the largest seed: a larger value, or
    /// one that is not a number, counts as missing.
    /// </summary>
    internal static double? Number(JsonElement element, string name) =>
        double.TryParse(Text(element, name), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is > -1e15 and < 1e15
            ? number
            : null;

    /// <summary>
    /// Returns a cost in credits; <see langword="null"/> if it is negative or absurdly high, as such a value would defeat the user's limits.
    /// </summary>
    internal static decimal? Cost(double? credits) => credits is >= 0 and < AbsurdCost ? (decimal)credits : null;
}
