using System.Globalization;
using System.Text.Json;
using QwenEdit.Commands.Parameters;
using QwenEdit.Imaging;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Segmind.Contracts;

/// <summary>
/// Reads the service's JSON, liberally: every field but <c>status</c> may be missing, there may be others, and a number may come as text.
/// </summary>
internal static class JobParser
{
    /// <summary>A cost from here on, in credits, is a mistake: an edit costs a few hundredths.</summary>
    private const double AbsurdCost = 1000;

    /// <summary>How many arrays and objects deep an image may be.</summary>
    private const int Depth = 4;

    private static readonly string[] ResultFields = ["output", "images"];
    private static readonly string[] SyncFields = ["image", "image_url", "output", "images"];
    private static readonly string[] ObjectFields = ["url", "image_url", "image", "base64"];

    /// <summary>Reads the answer to a submission; <see langword="null"/> if it has no request id, or one that no service would give.</summary>
    internal static JobReference? Accepted(ApiResponse answer, SegmindEndpoint endpoint)
    {
        if (answer.RequestId is { } id && !answer.IsJson)
        {
            // Damaged after the id.
            return new JobReference(id, endpoint.Status(id), endpoint.Result(id));
        }

        using var document = JsonDocument.Parse(answer.Body);
        JsonElement root = document.RootElement;
        return Text(root, "request_id") is { } given && RequestIds.IsPossible(given)
            ? new JobReference(
                given,
                endpoint.OwnOr(Address(root, "status_url"), endpoint.Status(given)),
                endpoint.OwnOr(Address(root, "response_url"), endpoint.Result(given)))
            : null;
    }

    /// <summary>Reads a status or a result.</summary>
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

    /// <summary>Reads the image of a synchronous answer, such as <c>{"image": "…"}</c>; <see langword="null"/> if it has none.</summary>
    internal static JobOutput? Image(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return Output(document.RootElement, SyncFields, Depth);
    }

    /// <summary>A state by its name at the service.</summary>
    internal static EditState State(string name) => name.ToUpperInvariant() switch
    {
        "QUEUED" => EditState.Queued,
        "COMPLETED" => EditState.Completed,
        "FAILED" => EditState.Failed,
        // "Treat an unknown state as running."
        _ => EditState.Processing,
    };

    // The first field that holds a usable image: `output` may be there and be empty, an object, a relative address or a word.
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

    // A URL, a data URI or base64.
    private static JobOutput? Output(JsonElement text)
    {
        // As JSON text, so that base64 is decoded from the bytes that came, without a string between.
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

    // Many a word is base64 as well.
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
            // No output, which the caller reports with the request id.
            return null;
        }
    }

    private static string? Address(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A field as text that can be shown and kept; <see langword="null"/> if it is missing.</summary>
    internal static string? Words(JsonElement element, string name) => Text(element, name) is { } text
        ? TerminalText.Take(UrlRedactor.WithoutSecrets(TerminalText.Shorten(text, 2 * TerminalText.Longest)))
        : null;

    /// <summary>A field as text, whatever it is; <see langword="null"/> if it is missing.</summary>
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
    /// A field as a number, which may come as text. Nothing that the service counts is larger than the largest seed; what is, or is no number
    /// at all, is as good as missing.
    /// </summary>
    internal static double? Number(JsonElement element, string name) =>
        double.TryParse(Text(element, name), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is > -1e15 and < 1e15
            ? number
            : null;

    /// <summary>A cost in credits; <see langword="null"/> for one that is below zero or absurd, which would defeat every limit of the user's.</summary>
    internal static decimal? Cost(double? credits) => credits is >= 0 and < AbsurdCost ? (decimal)credits : null;
}
