using System.Globalization;
using System.Text.Json;

namespace QwenEdit.Segmind;

/// <summary>
/// Reads the service's JSON, liberally: every field but <c>status</c> may be missing, there may be others, and a number may come as text.
/// </summary>
internal static class JobReader
{
    /// <summary>Reads the answer to a submission; <see langword="null"/> if it has no request id.</summary>
    internal static JobReference? Accepted(byte[] body, SegmindEndpoint endpoint)
    {
        using var document = JsonDocument.Parse(body);
        JsonElement root = document.RootElement;
        return Text(root, "request_id") is { Length: > 0 } id
            ? new JobReference(
                id,
                endpoint.OwnOr(Text(root, "status_url"), endpoint.Status(id)),
                endpoint.OwnOr(Text(root, "response_url"), endpoint.Result(id)))
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
            StateName = state,
            Cost = (decimal?)Number(metrics, "cost"),
            RemainingCredits = (decimal?)Number(metrics, "remaining_credits"),
            QueueSeconds = Number(metrics, "queue_time"),
            InferenceSeconds = Number(metrics, "inference_time"),
            Seed = (long?)Number(root, "seed"),
            Error = Text(root, "error"),
            Output = Output(root),
        };
    }

    /// <summary>Reads the image of a synchronous answer: <c>{"image": "…"}</c>, base64, a data URI or a URL; <see langword="null"/> if it has none.</summary>
    internal static JobOutput? Image(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.TryGetProperty("image", out JsonElement image) ? Output(image, null) : Output(document.RootElement);
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

    // `output` alone or `images` alone must do; `output` is a URL, a data URI or base64.
    private static JobOutput? Output(JsonElement root)
    {
        JsonElement image = root.TryGetProperty("images", out JsonElement images)
            && images.ValueKind == JsonValueKind.Array && images.GetArrayLength() > 0
                ? images[0]
                : default;
        long? length = (long?)Number(image, "file_size");
        if (!root.TryGetProperty("output", out JsonElement output) || output.ValueKind == JsonValueKind.Null)
        {
            output = image.ValueKind == JsonValueKind.Object && image.TryGetProperty("url", out JsonElement url) ? url : image;
        }
        else if (output.ValueKind == JsonValueKind.Array && output.GetArrayLength() > 0)
        {
            output = output[0];
        }

        return Output(output, length);
    }

    private static JobOutput? Output(JsonElement output, long? length)
    {
        if (output.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        // As JSON text, so that base64 is decoded from the bytes that came, without a string between.
        if (output.TryGetBytesFromBase64(out byte[]? bytes) && bytes.Length > 0)
        {
            return new JobOutput { Bytes = bytes };
        }

        string text = output.GetString()!;
        if (text.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return FromDataUri(text) is { } decoded ? new JobOutput { Bytes = decoded } : null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "https" or "http"
            ? new JobOutput { Url = uri, Length = length }
            : null;
    }

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
}
