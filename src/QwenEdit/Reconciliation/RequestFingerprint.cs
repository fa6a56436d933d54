using System.Text.Json;
using QwenEdit.Journal;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Reconciliation;

/// <summary>How well a row of the history matches an edit's request.</summary>
internal enum MatchConfidence
{
    /// <summary>The row is another request.</summary>
    None,

    /// <summary>Nothing contradicts the match, but the row is incomplete.</summary>
    Possible,

    /// <summary>
    /// All fields are there and equal, and the row's time is within the request's. The history does not keep the image, so another request with the
    /// same fields and time would match too.
    /// </summary>
    Probable,

    /// <summary>The row is this request, or one with exactly the same content.</summary>
    Certain,
}

/// <summary>An edit's request as it was sent, which is compared with the rows of the history.</summary>
internal sealed class RequestFingerprint
{
    /// <summary>
    /// The largest difference of two clocks at which a row is a probable match. Clocks that are set by the network differ by seconds. The rest allows for
    /// a service that dates a request when it leaves the queue.
    /// </summary>
    internal static readonly TimeSpan ProbableMargin = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, JsonScalar> _fields = new(StringComparer.Ordinal);
    private readonly string? _imageUrl;
    private readonly bool _isDrawn;
    private readonly Span _local;
    private readonly Span _service;
    private readonly Span _nearLocal;
    private readonly Span _nearService;

    /// <param name="entry">An edit whose request was sent.</param>
    /// <param name="clockMargin">How far two clocks may be apart.</param>
    internal RequestFingerprint(EditEntry entry, TimeSpan clockMargin)
    {
        Edit = entry;
        using var document = JsonDocument.Parse(entry.Fields);
        foreach (JsonProperty field in document.RootElement.EnumerateObject())
        {
            switch (field.Name)
            {
                case "image":
                    _imageUrl = field.Value.GetString();
                    break;
                case "seed":
                    // One of 10^15 values. No other request has the same by chance.
                    _isDrawn = field.Value.GetInt64() == -1 && entry.Seed != -1;
                    break;
                default:
                    _fields.Add(field.Name, JsonScalar.Of(field.Value));
                    break;
            }
        }

        _imageUrl ??= entry.ImageUrl;
        (_local, _service) = Spans(clockMargin);
        (_nearLocal, _nearService) = Spans(ProbableMargin);

        (Span Local, Span Service) Spans(TimeSpan margin) => (
            Span.Of(entry.Submitting, entry.Submitted ?? entry.SentUntil, margin),
            entry.ServiceAccepted is { } accepted ? Span.Of(accepted, accepted, margin) : Span.Of(entry.ServiceNotBefore, entry.ServiceNotAfter, margin));
    }

    /// <summary>The edit.</summary>
    internal EditEntry Edit { get; }

    /// <summary>
    /// Compares a row with this request. Only the service's clock can prove that a row is too old or too new. This machine's clock, which may be wrong,
    /// can only make a match doubtful.
    /// </summary>
    internal MatchConfidence To(HistoryRow row)
    {
        MatchConfidence content = ContentOf(row);
        if (row.Created is not { } created)
        {
            return Least(content, MatchConfidence.Possible);
        }

        // The same content at an impossible time is another request.
        return !_service.Has(created) ? content == MatchConfidence.Certain ? MatchConfidence.Possible : MatchConfidence.None
            : !_local.Has(created) ? Least(content, MatchConfidence.Possible)
            : content == MatchConfidence.Probable && !(_nearLocal.Has(created) && _nearService.Has(created)) ? MatchConfidence.Possible
            : content;
    }

    /// <summary>Whether a row that is known to be this request matches it. If not, the history stores requests in a form that can't be compared.</summary>
    internal bool Recognises(HistoryRow row) => ContentOf(row) != MatchConfidence.None
        && (row.Created is not { } created || (Edit.ServiceAccepted is null ? _local : _service).Has(created));

    private MatchConfidence ContentOf(HistoryRow row)
    {
        if (row.Model is not null && !IsDamaged(row.Model) && !row.Model.Equals(Edit.Model, StringComparison.OrdinalIgnoreCase))
        {
            return MatchConfidence.None;
        }

        MatchConfidence fields = FieldsOf(row, out bool isSeedSeen);
        if (fields == MatchConfidence.None)
        {
            return MatchConfidence.None;
        }

        MatchConfidence image = ImageOf(row.Image);
        if (_isDrawn && isSeedSeen)
        {
            return image == MatchConfidence.None ? MatchConfidence.Possible : MatchConfidence.Certain;
        }

        MatchConfidence all = Least(fields, image);
        return all == MatchConfidence.Probable && IsInDoubt(row) ? MatchConfidence.Possible : all;
    }

    // A row without a model may be of another model. Damaged text equals other text that is damaged in the same place.
    private static bool IsInDoubt(HistoryRow row) =>
        row.Model is null || IsDamaged(row.Model) || row.Fields!.Values.Any(field => IsDamaged(field.Plain ?? field.Raw));

    private MatchConfidence FieldsOf(HistoryRow row, out bool isSeedSeen)
    {
        isSeedSeen = false;
        if (row.Fields is null)
        {
            return MatchConfidence.Possible;
        }

        MatchConfidence all = row.Fields.Keys.All(name => name == "seed" || _fields.ContainsKey(name)) ? MatchConfidence.Certain : MatchConfidence.Possible;
        if (row.Fields.TryGetValue("seed", out JsonScalar seed))
        {
            isSeedSeen = seed.Number == Edit.Seed;
            all = isSeedSeen ? all : MatchConfidence.None;
        }
        else
        {
            all = MatchConfidence.Possible;
        }

        foreach (KeyValuePair<string, JsonScalar> field in _fields)
        {
            all = Least(all, row.Fields.TryGetValue(field.Key, out JsonScalar kept) ? ValueOf(field.Value, kept) : MatchConfidence.Possible);
        }

        return all;
    }

    // The history keeps inputs "as sent". It is not documented whether long ones are cut.
    private static MatchConfidence ValueOf(JsonScalar sent, JsonScalar kept)
    {
        if (sent.Raw == kept.Raw)
        {
            return MatchConfidence.Certain;
        }

        if (sent.Plain is not { } one || kept.Plain is not { } other)
        {
            return MatchConfidence.Possible;
        }

        bool areTexts = sent.IsText && kept.IsText;
        bool areEqual = areTexts ? one == other
            : sent.Number is { } first && kept.Number is { } second ? first == second
            : one.Equals(other, StringComparison.OrdinalIgnoreCase);
        return areEqual ? MatchConfidence.Certain
            : IsDamaged(other) ? MatchConfidence.Possible
            : areTexts && one.StartsWith(other.TrimEnd('.', '…'), StringComparison.Ordinal) ? MatchConfidence.Possible
            : MatchConfidence.None;
    }

    private MatchConfidence ImageOf(HistoryImage? kept)
    {
        if (kept is null)
        {
            return MatchConfidence.Probable;
        }

        if (_imageUrl is not null)
        {
            return kept.Url is null || IsDamaged(kept.Url) ? MatchConfidence.Possible : kept.Url == _imageUrl ? MatchConfidence.Certain : MatchConfidence.None;
        }

        // The edit's identity contains the image's hash, so the file is not needed.
        return kept.Hash is not { } hash ? MatchConfidence.Possible
            : EditIdentity.Of(Edit.Endpoint, Edit.Model, Edit.Fields, hash, Edit.Destination) == Edit.Identity ? MatchConfidence.Certain
            : kept.IsWhole ? MatchConfidence.None
            : MatchConfidence.Possible;
    }

    // Invalid text in the history is read as U+FFFD.
    private static bool IsDamaged(string text) => text.IndexOf('\uFFFD') >= 0;

    private static MatchConfidence Least(MatchConfidence one, MatchConfidence other) => one < other ? one : other;

    /// <summary>The period in which the request was sent, with a margin.</summary>
    private readonly record struct Span(DateTimeOffset From, DateTimeOffset Until)
    {
        internal static Span Of(DateTimeOffset? from, DateTimeOffset? until, TimeSpan margin) =>
            new(from is { } first ? first - margin : DateTimeOffset.MinValue, until is { } last ? last + margin : DateTimeOffset.MaxValue);

        internal bool Has(DateTimeOffset time) => From <= time && time <= Until;
    }
}
