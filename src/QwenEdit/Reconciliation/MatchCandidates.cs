using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Reconciliation;

/// <summary>The rows of the history that may be an edit's request: their number, and the most likely of them, the oldest first.</summary>
internal sealed class MatchCandidates
{
    private const int Most = 5;

    private readonly List<(HistoryRow Row, MatchConfidence Confidence)> _mostLikely = [];

    internal int Count { get; private set; }

    /// <summary>Some of the rows, the most likely first.</summary>
    internal IReadOnlyList<HistoryRow> MostLikely => [.. _mostLikely.Select(candidate => candidate.Row)];

    /// <summary>The row and its match, if there is only one.</summary>
    internal (HistoryRow Row, MatchConfidence Confidence)? Only => Count == 1 ? _mostLikely[0] : null;

    internal void Add(HistoryRow row, MatchConfidence confidence)
    {
        Count++;
        int place = _mostLikely.FindLastIndex(other =>
            other.Confidence > confidence || (other.Confidence == confidence && Nullable.Compare(other.Row.Created, row.Created) <= 0)) + 1;
        if (place == Most)
        {
            return;
        }

        // The row is kept as long as the session, and only what it says about the job is needed.
        _mostLikely.Insert(place, (row with { Fields = null, Image = null }, confidence));
        if (_mostLikely.Count > Most)
        {
            _mostLikely.RemoveAt(Most);
        }
    }
}
