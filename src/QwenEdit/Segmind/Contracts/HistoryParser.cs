using System.Globalization;
using System.Text;
using System.Text.Json;

namespace QwenEdit.Segmind.Contracts;

/// <summary>
/// Parses the request history. Its envelope and timestamps are not documented: the list is the array whose objects have a <c>request_id</c>, at any
/// place in the response.
/// </summary>
/// <param name="lookAt">Returns what to keep of an image's bytes. A page of the list may contain a hundred images.</param>
internal sealed class HistoryParser(Func<byte[], HistoryImage> lookAt)
{
    /// <summary>How deeply the rows may be nested in the response.</summary>
    private const int MaximumDepth = 4;

    /// <summary>A latency of this many milliseconds (a day) or more is an error.</summary>
    private const double LongestLatency = 86_400_000;

    // The list is sorted by the first name; the others are common names for the same time. None of them is the time at which a job ended.
    private static readonly string[] CreatedNames = ["model_created", "created_at", "created", "createdAt", "submitted_at", "timestamp", "date"];

    /// <summary>
    /// Returns the rows of a page of the list, one per request. The list has a row for each output, so a request may appear several times.
    /// </summary>
    /// <exception cref="QwenEditException"><see cref="EditError.UnexpectedAnswer"/>: the response contains no list.</exception>
    internal IReadOnlyList<HistoryRow> List(byte[] body) => List(body, out _);

    /// <param name="body">The page.</param>
    /// <param name="unread">How many rows were left out because their ids are not valid.</param>
    /// <inheritdoc cref="List(byte[])"/>
    internal IReadOnlyList<HistoryRow> List(byte[] body, out int unread)
    {
        unread = 0;
        using JsonDocument document = Parse(body);
        JsonElement list = FindList(document.RootElement, MaximumDepth) ?? throw NoHistory();
        Dictionary<string, HistoryRow> rows = new(RequestIdComparer.Instance);
        foreach (JsonElement element in list.EnumerateArray())
        {
            if (Row(element) is not { } row)
            {
                continue;
            }

            bool isPossible = RequestIds.IsPossible(row.RequestId);
            unread += isPossible ? 0 : 1;
            if (isPossible && !rows.ContainsKey(row.RequestId))
            {
                rows.Add(row.RequestId, row);
            }
        }

        return [.. rows.Values];
    }

    /// <summary>Returns the row of one request; <see langword="null"/> if the response has none.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.UnexpectedAnswer"/>: the response is not JSON.</exception>
    internal HistoryRow? Single(byte[] body, string requestId)
    {
        using JsonDocument document = Parse(body);
        return FindRow(document.RootElement, requestId, MaximumDepth);
    }

    private static JsonDocument Parse(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException exception)
        {
            throw NoHistory(exception);
        }
    }

    private static QwenEditException NoHistory(Exception? inner = null) =>
        new(EditError.UnexpectedAnswer, "The answer is not a request history.", inner);

    // An empty array is the list only if there is no array with rows.
    private static JsonElement? FindList(JsonElement element, int depth)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return element.GetArrayLength() == 0 || element.EnumerateArray().Any(item => Text(item, "request_id") is { Length: > 0 }) ? element : null;
        }

        if (depth == 0 || element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        JsonElement? found = null;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (FindList(property.Value, depth - 1) is { } list && (found is null || found.Value.GetArrayLength() == 0))
            {
                found = list;
            }
        }

        return found;
    }

    private HistoryRow? FindRow(JsonElement element, string requestId, int depth)
    {
        if (RequestIdComparer.Instance.Equals(Text(element, "request_id"), requestId))
        {
            return Row(element);
        }

        IEnumerable<JsonElement> inside = element.ValueKind switch
        {
            JsonValueKind.Array => element.EnumerateArray(),
            JsonValueKind.Object => element.EnumerateObject().Select(property => property.Value),
            _ => [],
        };
        return depth == 0 ? null : inside.Select(item => FindRow(item, requestId, depth - 1)).FirstOrDefault(row => row is not null);
    }

    private HistoryRow? Row(JsonElement row)
    {
        if (Text(row, "request_id") is not { Length: > 0 } id)
        {
            return null;
        }

        (IReadOnlyDictionary<string, JsonScalar>? fields, HistoryImage? image) = Body(row);
        string url = Text(row, "generation_url") ?? string.Empty;
        return new HistoryRow
        {
            RequestId = id,
            Model = Text(row, "model_name"),
            State = JobParser.State(Text(row, "model_status") ?? Text(row, "status") ?? string.Empty),
            Created = Created(row),
            Latency = JobParser.Number(row, "latency_ms") is >= 0 and < LongestLatency and { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
            Cost = JobParser.Cost(JobParser.Number(row, "credits_deduction")),
            OutputUrl = Uri.TryCreate(url, UriKind.Absolute, out Uri? output) && output.Scheme is "https" or "http" ? output : null,
            Error = JobParser.Words(row, "error"),
            Fields = fields,
            Image = image,
        };
    }

    // The body is an object, or its JSON text, which may be cut off at any point.
    private (IReadOnlyDictionary<string, JsonScalar>? Fields, HistoryImage? Image) Body(JsonElement row)
    {
        if (!row.TryGetProperty("request_body", out JsonElement body))
        {
            return default;
        }

        if (body.ValueKind == JsonValueKind.String)
        {
            try
            {
                using var document = JsonDocument.Parse(JsonBytes.Repair(Encoding.UTF8.GetBytes(body.GetString()!)));
                return Fields(document.RootElement);
            }
            catch (JsonException)
            {
                // A body that can't be parsed counts as missing.
                return default;
            }
        }

        return Fields(body);
    }

    private (IReadOnlyDictionary<string, JsonScalar>? Fields, HistoryImage? Image) Fields(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return default;
        }

        Dictionary<string, JsonScalar> fields = new(StringComparer.Ordinal);
        HistoryImage? image = null;
        foreach (JsonProperty field in body.EnumerateObject())
        {
            if (field.NameEquals("image"))
            {
                image = field.Value.ValueKind switch
                {
                    JsonValueKind.String => Image(field.Value.GetString()!),
                    JsonValueKind.Null => null,
                    _ => new HistoryImage(),
                };
            }
            else
            {
                fields[field.Name] = JsonScalar.Of(field.Value);
            }
        }

        return (fields, image);
    }

    private HistoryImage Image(string text)
    {
        if (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            return new HistoryImage { Url = text };
        }

        try
        {
            bool isDataUri = text.StartsWith("data:", StringComparison.OrdinalIgnoreCase);
            return lookAt(Convert.FromBase64String(isDataUri ? text.Substring(text.IndexOf(',') + 1) : text));
        }
        catch (FormatException)
        {
            // The base64 is cut off within a group of four characters, or the value is not base64.
            return new HistoryImage();
        }
    }

    private static DateTimeOffset? Created(JsonElement row) => CreatedNames
        .Concat(row.EnumerateObject().Select(property => property.Name).Where(name => name.IndexOf("creat", StringComparison.OrdinalIgnoreCase) >= 0))
        .Select(name => Time(Text(row, name)))
        .FirstOrDefault(time => time is not null);

    // Accepts ISO 8601 and similar formats (UTC if there is no time zone), and seconds or milliseconds since 1970.
    private static DateTimeOffset? Time(string? text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            return number switch
            {
                >= 1e12 and < 1e14 => DateTimeOffset.FromUnixTimeMilliseconds((long)number),
                >= 1e9 and < 1e11 => DateTimeOffset.FromUnixTimeMilliseconds((long)(number * 1000)),
                _ => null,
            };
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
                ? time
                : null;
    }

    private static string? Text(JsonElement element, string name) => JobParser.Text(element, name);
}
