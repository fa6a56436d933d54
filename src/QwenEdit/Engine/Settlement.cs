using QwenEdit.Journal;
using QwenEdit.Segmind;

namespace QwenEdit.Engine;

/// <summary>What the history says of an edit whose outcome is unknown.</summary>
internal enum Settled
{
    /// <summary>Nothing for sure.</summary>
    Leave,

    /// <summary>There is a job, and this is it.</summary>
    Adopt,

    /// <summary>No job was made; it may be submitted again.</summary>
    Release,
}

/// <summary>What the history says of one edit.</summary>
/// <param name="Outcome">What follows.</param>
/// <param name="Sent">When the request in question was sent: what is found about one does not hold for a later one.</param>
/// <param name="Candidates">The rows that may be its job; to adopt, the one that is.</param>
/// <param name="Reason">Why the edit is left as it is, in a sentence.</param>
internal sealed record Finding(Settled Outcome, DateTimeOffset Sent, IReadOnlyList<HistoryRow> Candidates, string Reason = "");

/// <summary>The journal and the history, side by side.</summary>
internal sealed record SettlementCase
{
    /// <summary>The edits without an answer: unknown ones, and, as a row may be theirs, those that are on their way just now.</summary>
    internal required IReadOnlyList<EditEntry> Unanswered { get; init; }

    /// <summary>The edits that the journal knows to have been accepted around the times of these.</summary>
    internal required IReadOnlyList<EditEntry> Accepted { get; init; }

    /// <summary>The account's requests around these times.</summary>
    internal required IReadOnlyList<HistoryRow> Rows { get; init; }

    /// <summary>Those of the rows' request ids that are or were the jobs of edits of the journal.</summary>
    internal required ISet<string> Owned { get; init; }

    /// <summary>When the history was asked; the journal was read after its answer, so that no row is of an edit that is not here.</summary>
    internal required DateTimeOffset AskedAt { get; init; }

    /// <summary>After which time a request that was accepted is surely shown.</summary>
    internal required TimeSpan SettlingTime { get; init; }

    /// <summary>How far this machine's clock and the service's may be apart.</summary>
    internal required TimeSpan ClockMargin { get; init; }
}

/// <summary>
/// Settles what is unknown. Its law: no edit is given a job that is not its own, and none is released that has one. What could break it is
/// left to a person.
/// </summary>
internal static class Settlement
{
    /// <summary>How far from an edit's own time the accepted requests are by which the history is checked.</summary>
    internal static readonly TimeSpan Around = TimeSpan.FromHours(1);

    /// <summary>Decides about every unanswered edit, by its number.</summary>
    internal static IReadOnlyDictionary<long, Finding> Decide(SettlementCase books)
    {
        List<HistoryRow> free = [.. books.Rows.Where(row => !books.Owned.Contains(row.RequestId))];
        List<(EditEntry Edit, List<(HistoryRow Row, Likeness Likeness)> Matches)> all =
        [
            .. books.Unanswered.Select(edit => (edit, Matches(new SentRequest(edit, books.ClockMargin), free))),
        ];
        Dictionary<string, int> claims = all
            .SelectMany(edit => edit.Matches)
            .GroupBy(match => match.Row.RequestId, StringComparer.Ordinal)
            .ToDictionary(row => row.Key, row => row.Count(), StringComparer.Ordinal);
        Func<EditEntry, bool> isChecked = Check(books);
        return all.ToDictionary(edit => edit.Edit.Id, edit => Decide(edit.Edit, edit.Matches, claims, books, isChecked));
    }

    private static Finding Decide(
        EditEntry edit,
        List<(HistoryRow Row, Likeness Likeness)> matches,
        Dictionary<string, int> claims,
        SettlementCase books,
        Func<EditEntry, bool> isChecked)
    {
        DateTimeOffset sent = edit.Submitting!.Value;
        if (matches is [(var only, Likeness.Certain)] && claims[only.RequestId] == 1)
        {
            return new Finding(Settled.Adopt, sent, [only]);
        }

        if (matches.Count > 0)
        {
            return new Finding(
                Settled.Leave,
                sent,
                [.. matches.OrderByDescending(match => match.Likeness).ThenBy(match => match.Row.Created).Select(match => match.Row)],
                "The account's request history does not tell which request is this edit's, if one is");
        }

        if (edit.Silent is not { } silent || books.AskedAt < silent + books.SettlingTime)
        {
            return new Finding(
                Settled.Leave, sent, [], $"The account's request history shows no such request yet, but it may come late: ask again {books.SettlingTime.TotalMinutes:0.#} minutes after it was sent");
        }

        return isChecked(edit)
            ? new Finding(Settled.Release, sent, [])
            : new Finding(
                Settled.Leave, sent, [], "The account's request history shows no such request, but nor does it show what was accepted around that time, so that it proves nothing");
    }

    private static List<(HistoryRow Row, Likeness Likeness)> Matches(SentRequest request, List<HistoryRow> rows)
    {
        List<(HistoryRow, Likeness)> matches = [];
        foreach (HistoryRow row in rows)
        {
            if (request.To(row) is not Likeness.None and var likeness)
            {
                matches.Add((row, likeness));
            }
        }

        return matches;
    }

    // Whether the history shows every request that was surely accepted around an edit's time and has had the time to be shown, and shows it in
    // such a way that it is recognised. So a history that lags, that is another account's, or that keeps requests in another form proves nothing.
    private static Func<EditEntry, bool> Check(SettlementCase books)
    {
        Dictionary<string, HistoryRow> rows = books.Rows.ToDictionary(row => row.RequestId, StringComparer.Ordinal);
        List<(EditEntry Edit, bool IsShown)> accepted =
        [
            .. books.Accepted
                .Where(edit => edit.Submitted + books.SettlingTime <= books.AskedAt)
                .Select(edit => (
                    edit,
                    rows.TryGetValue(edit.RequestId!, out HistoryRow? row) && new SentRequest(edit, books.ClockMargin).Recognises(row))),
        ];
        return edit =>
        {
            List<(EditEntry Edit, bool IsShown)> near =
            [
                .. accepted.Where(known =>
                    known.Edit.Model == edit.Model && known.Edit.Submitted >= edit.Submitting - Around && known.Edit.Submitted <= edit.Silent + Around),
            ];
            return near.Count > 0 && near.All(known => known.IsShown);
        };
    }
}
