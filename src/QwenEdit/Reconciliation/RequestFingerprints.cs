using QwenEdit.Journal;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Reconciliation;

/// <summary>Requests as they were sent. The requests that a row may be are found by its seed, because there may be very many of both.</summary>
internal sealed class RequestFingerprints
{
    private readonly IReadOnlyList<RequestFingerprint> _all;
    private readonly ILookup<decimal, RequestFingerprint> _bySeed;

    /// <param name="edits">Edits whose requests were sent.</param>
    /// <param name="clockMargin">The largest difference of this machine's clock and the service's.</param>
    internal RequestFingerprints(IEnumerable<EditEntry> edits, TimeSpan clockMargin)
    {
        _all = [.. edits.Select(edit => new RequestFingerprint(edit, clockMargin))];
        _bySeed = _all.ToLookup(request => (decimal)request.Edit.Seed);
    }

    /// <summary>Returns the requests that a row may be, with the match of each.</summary>
    internal IEnumerable<(RequestFingerprint Request, MatchConfidence Confidence)> Matching(HistoryRow row) => Near(row)
        .Select(request => (request, request.To(row)))
        .Where(request => request.Item2 != MatchConfidence.None);

    // A row with a seed is not a request with another seed.
    private IEnumerable<RequestFingerprint> Near(HistoryRow row) =>
        row.Fields is null || !row.Fields.TryGetValue("seed", out JsonScalar seed) ? _all
        : seed.Number is { } number ? _bySeed[number]
        : [];
}
