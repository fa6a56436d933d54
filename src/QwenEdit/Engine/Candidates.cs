using QwenEdit.Segmind;

namespace QwenEdit.Engine;

/// <summary>The rows of the history that an edit's request may be: how many there are, and those that are likeliest, the oldest first.</summary>
internal sealed class Candidates
{
    private const int Most = 5;

    private readonly List<(HistoryRow Row, Likeness Likeness)> _likeliest = [];

    internal int Count { get; private set; }

    /// <summary>Some of them, the likeliest first.</summary>
    internal IReadOnlyList<HistoryRow> Likeliest => [.. _likeliest.Select(candidate => candidate.Row)];

    /// <summary>The row, and how like it is, if there is only one.</summary>
    internal (HistoryRow Row, Likeness Likeness)? Only => Count == 1 ? _likeliest[0] : null;

    internal void Add(HistoryRow row, Likeness likeness)
    {
        Count++;
        int place = _likeliest.FindLastIndex(other =>
            other.Likeness > likeness || (other.Likeness == likeness && Nullable.Compare(other.Row.Created, row.Created) <= 0)) + 1;
        if (place == Most)
        {
            return;
        }

        // It lives as long as the session, which needs no more of a row than what it says of the job.
        _likeliest.Insert(place, (row with { Fields = null, Image = null }, likeness));
        if (_likeliest.Count > Most)
        {
            _likeliest.RemoveAt(Most);
        }
    }
}
