using System.Text;
using System.Text.Json.Nodes;
using QwenEdit.Commands.Parameters;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Jobs;
using QwenEdit.Files;
using QwenEdit.Journal;
using QwenEdit.Reconciliation;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Reconciliation;

/// <summary>What settlements are made of: edits as the journal has them, rows as the history shows them.</summary>
internal static class HistoryMatcherParts
{
    internal static readonly DateTimeOffset Noon = new(2026, 10, 1, 12, 0, 0, TimeSpan.Zero);
    internal static readonly TimeSpan SettlingTime = TimeSpan.FromMinutes(10);
    internal static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(10);

    private const string Endpoint = "https://api.segmind.com/";
    private const string Model = "qwen-image-edit-fast";

    /// <summary>A whole PNG image, another one for each number.</summary>
    internal static byte[] Image(int number)
    {
        byte[] image = [.. TestImages.Png];
        // The time of change in a text chunk, say; nobody looks inside.
        image[image.Length / 2] = (byte)number;
        return image;
    }

    /// <summary>An unknown edit that was sent at noon, given up ten seconds later and asked about at once, unless that is changed.</summary>
    internal static EditEntry Edit(long id, byte[]? image = null, string prompt = "Make it blue", long wish = 7, long? drawn = null, string? imageUrl = null)
    {
        EditRequest request = new()
        {
            Destination = $"/out/{id}.png",
            Prompt = prompt,
            Seed = wish,
            Uri = imageUrl is null ? null : new Uri(imageUrl),
        };
        string fields = EditFields.Of(request).Text;
        return new EditEntry
        {
            Id = id,
            Identity = EditIdentity.Of(Endpoint, Model, fields, imageUrl ?? ContentHash.Of(image ?? Image(1)), request.Destination),
            State = EditState.Unknown,
            Source = $"/in/{id}.png",
            Destination = request.Destination,
            Endpoint = Endpoint,
            Model = Model,
            Prompt = prompt,
            Fields = fields,
            Seed = drawn ?? wish,
            Submitting = Noon,
            SentUntil = Noon + TimeSpan.FromSeconds(10),
            ServiceNotAfter = Noon + TimeSpan.FromSeconds(10),
        };
    }

    /// <summary>The same edit, accepted.</summary>
    internal static EditEntry AcceptedAs(this EditEntry edit, string requestId) => edit with
    {
        State = EditState.Queued,
        RequestId = requestId,
        Submitted = edit.Submitting + TimeSpan.FromSeconds(1),
        SentUntil = null,
        ServiceNotAfter = null,
    };

    /// <summary>A row of the history about an edit's request, accepted a second after it was sent.</summary>
    internal static JsonObject Row(string requestId, EditEntry edit, byte[]? image = null, HistoryBody keep = HistoryBody.Whole)
    {
        JsonObject body = JsonNode.Parse(edit.Fields)!.AsObject();
        body["seed"] = edit.Seed;
        string text = "data:image/png;base64," + Convert.ToBase64String(image ?? Image(1));
        if (!body.ContainsKey("image") && keep != HistoryBody.Omitted)
        {
            body["image"] = keep == HistoryBody.Cut ? text[..86] : text;
        }

        return new JsonObject
        {
            ["request_id"] = requestId,
            ["model_name"] = edit.Model,
            ["model_status"] = "COMPLETED",
            ["model_created"] = edit.Submitting!.Value.AddSeconds(1).ToString("O"),
            ["request_body"] = body,
        };
    }

    internal static JsonObject At(this JsonObject row, DateTimeOffset? created)
    {
        row["model_created"] = created?.ToString("O");
        return row;
    }

    internal static JsonObject With(this JsonObject row, string field, JsonNode? value)
    {
        row["request_body"]![field] = value;
        return row;
    }

    /// <summary>The rows as they are read of a page.</summary>
    internal static IReadOnlyList<HistoryRow> Read(params IEnumerable<JsonObject> rows) => new HistoryParser(HistoryImageReader.Of).List(
        Encoding.UTF8.GetBytes(new JsonObject { ["data"] = new JsonArray([.. rows]) }.ToJsonString()));

    /// <summary>Settles edits an hour after noon, unless that is changed, by a history of one page.</summary>
    internal static IReadOnlyDictionary<long, HistoryMatch> Settle(
        IReadOnlyList<EditEntry> unanswered, IReadOnlyList<EditEntry> accepted, IReadOnlyList<HistoryRow> rows, DateTimeOffset? askedAt = null, params string[] owned) =>
        Settle(unanswered, accepted, [rows], askedAt, owned, []);

    /// <summary>Settles edits by a history of some pages, beside lost requests.</summary>
    internal static IReadOnlyDictionary<long, HistoryMatch> Settle(
        IReadOnlyList<EditEntry> unanswered, IReadOnlyList<EditEntry> accepted, IEnumerable<IReadOnlyList<HistoryRow>> pages, DateTimeOffset? askedAt, string[] owned,
        IReadOnlyList<EditEntry> lost)
    {
        Dictionary<string, EditEntry?> jobs = accepted.ToDictionary(edit => edit.RequestId!, edit => (EditEntry?)edit, RequestIdComparer.Instance);
        foreach (string id in owned)
        {
            jobs.TryAdd(id, null);
        }

        HistoryMatcher settlement = new(unanswered, SettlingTime) { AskedAt = askedAt ?? Noon.AddHours(1) };
        foreach (IReadOnlyList<HistoryRow> page in pages)
        {
            settlement.See(page, jobs);
        }

        foreach (EditEntry edit in accepted)
        {
            settlement.Expect(edit);
        }

        foreach (EditEntry edit in lost)
        {
            settlement.Contest(edit);
        }

        return settlement.Decide(unanswered, jobs);
    }
}
