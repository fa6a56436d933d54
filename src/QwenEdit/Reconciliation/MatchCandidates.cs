using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Reconciliation;

/// <summary>The rows of the history that an edit's request may be: how many there are, and those that are likeliest, the oldest first.</summary>
internal sealed class MatchCandidates
{
    private const int Most = 5;

    private readonly List<(HistoryRow Row, MatchConfidence Likeness)> _likeliest = [];

    internal int Count { get; private set; }

    /// <summary>Some of them, the likeliest first.</summary>
    internal IReadOnlyList<HistoryRow> Likeliest => [.. _likeliest.Select(candidate => candidate.Row)];

    /// <summary>The row, and how like it is, if there is only one.</summary>
    internal (HistoryRow Row, MatchConfidence Likeness)? Only => Count == 1 ? _likeliest[0] : null;

    internal void Add(HistoryRow row, MatchConfidence confidence)
    {
        Count++;
        int place = _likeliest.FindLastIndex(other =>
            other.Likeness > confidence || (other.Likeness == confidence && Nullable.Compare(other.Row.Created, row.Created) <= 0)) + 1;
        if (place == Most)
        {
            return;
        }

        // It lives as long as the session, which needs no more of a row than what it says of the job.
        _likeliest.Insert(place, (row with { Fields = null, Image = null }, confidence));
        if (_likeliest.Count > Most)
        {
            _likeliest.RemoveAt(Most);
        }
    }
}
