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

/// <summary>
/// Settles what is unknown. Its law: no edit is given a job that is not its own, and none is released that has one. What could break it is
/// left to a person. It sees the history a page at a time, and keeps only what may be of an edit that is sought.
/// </summary>
/// <param name="sought">The edits without an answer, before the history was asked: unknown ones, and those that are on their way just now.</param>
/// <param name="askedAt">When the history was asked.</param>
/// <param name="settlingTime">After which time a request that was accepted is surely shown.</param>
internal sealed class Settlement(IEnumerable<EditEntry> sought, DateTimeOffset askedAt, TimeSpan settlingTime)
{
    /// <summary>How far from an edit's own time the accepted requests are by which the history is checked.</summary>
    internal static readonly TimeSpan Around = TimeSpan.FromHours(1);

    /// <summary>How far this machine's clock and the service's may be apart.</summary>
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(10);

    // By the request, not by the edit: it may be sent again meanwhile.
    private readonly Dictionary<(long, DateTimeOffset?), SentRequest> _sought =
        sought.ToDictionary(edit => (edit.Id, edit.Submitting), edit => new SentRequest(edit, ClockMargin));

    private readonly Dictionary<string, HistoryRow> _kept = new(StringComparer.Ordinal);
    private readonly DigestSet _shown = new();
    private readonly Dictionary<string, List<(DateTimeOffset Submitted, bool IsShown)>> _accepted = new(StringComparer.Ordinal);

    /// <summary>The request ids of the rows that may be of an edit that is sought.</summary>
    internal IReadOnlyCollection<string> Kept => _kept.Keys;

    /// <summary>Looks at a page of the history. Of a row that was seen before, this reading counts.</summary>
    /// <param name="page">The page.</param>
    /// <param name="owned">Those of its request ids that are or were the jobs of edits of the journal, with these edits.</param>
    internal void See(IEnumerable<HistoryRow> page, IReadOnlyDictionary<string, EditEntry?> owned)
    {
        foreach (HistoryRow row in page)
        {
            bool isOwned = owned.TryGetValue(row.RequestId, out EditEntry? edit);
            if (edit is not null && Recognises(edit, row))
            {
                _shown.Add(row.RequestId);
            }
            else
            {
                _shown.Remove(row.RequestId);
            }

            if (!isOwned && _sought.Values.Any(request => request.To(row) != Likeness.None))
            {
                _kept[row.RequestId] = row;
            }
            else
            {
                _kept.Remove(row.RequestId);
            }
        }
    }

    /// <summary>Takes note of an edit that the journal knows was accepted, by which the history that was seen is checked.</summary>
    internal void Expect(EditEntry accepted)
    {
        if (accepted.Submitted is not { } submitted || submitted + settlingTime > askedAt)
        {
            return;
        }

        // One that was unknown when its page was seen is among what is kept.
        string id = accepted.RequestId!;
        bool isShown = _shown.Contains(id) || (_kept.TryGetValue(id, out HistoryRow? row) && Recognises(accepted, row));
        if (!_accepted.TryGetValue(accepted.Model, out List<(DateTimeOffset, bool)>? known))
        {
            _accepted.Add(accepted.Model, known = []);
        }

        known.Add((submitted, isShown));
    }

    /// <summary>Decides about every edit that was sought and is unanswered still, by its number.</summary>
    /// <param name="unanswered">
    /// The edits without an answer, read after the history's last page, so that no row is of an edit that is not here. One that was sent
    /// meanwhile may claim a row, but nothing is found about it: its own row may be gone.
    /// </param>
    /// <param name="owned">Those of what is kept that are or were the jobs of edits of the journal by now.</param>
    internal IReadOnlyDictionary<long, Finding> Decide(IEnumerable<EditEntry> unanswered, IReadOnlyDictionary<string, EditEntry?> owned)
    {
        // What is found lives as long as the session, which needs no more of a row than what it says of the job.
        List<(HistoryRow Row, HistoryRow Bare)> free =
        [
            .. _kept.Values.Where(row => !owned.ContainsKey(row.RequestId)).Select(row => (row, row with { Fields = null, Image = null })),
        ];
        List<(EditEntry Edit, List<(HistoryRow Row, Likeness Likeness)> Matches)> all =
        [
            .. unanswered.Select(edit => (edit, Matches(new SentRequest(edit, ClockMargin), free))),
        ];
        Dictionary<string, int> claims = all
            .SelectMany(edit => edit.Matches)
            .GroupBy(match => match.Row.RequestId, StringComparer.Ordinal)
            .ToDictionary(row => row.Key, row => row.Count(), StringComparer.Ordinal);
        return all
            .Where(edit => _sought.ContainsKey((edit.Edit.Id, edit.Edit.Submitting)))
            .ToDictionary(edit => edit.Edit.Id, edit => Decide(edit.Edit, edit.Matches, claims));
    }

    private Finding Decide(EditEntry edit, List<(HistoryRow Row, Likeness Likeness)> matches, Dictionary<string, int> claims)
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

        if (edit.Silent is not { } silent || askedAt < silent + settlingTime)
        {
            return new Finding(
                Settled.Leave, sent, [], $"The account's request history shows no such request yet, but it may come late: ask again {settlingTime.TotalMinutes:0.#} minutes after it was sent");
        }

        return IsChecked(edit)
            ? new Finding(Settled.Release, sent, [])
            : new Finding(
                Settled.Leave, sent, [], "The account's request history shows no such request, but nor does it show what was accepted around that time, so that it proves nothing");
    }

    private static List<(HistoryRow Row, Likeness Likeness)> Matches(SentRequest request, List<(HistoryRow Row, HistoryRow Bare)> rows)
    {
        List<(HistoryRow, Likeness)> matches = [];
        foreach ((HistoryRow row, HistoryRow bare) in rows)
        {
            if (request.To(row) is not Likeness.None and var likeness)
            {
                matches.Add((bare, likeness));
            }
        }

        return matches;
    }

    private static bool Recognises(EditEntry edit, HistoryRow row) => new SentRequest(edit, ClockMargin).Recognises(row);

    // Whether the history shows every request that was surely accepted around an edit's time and has had the time to be shown, and shows it in
    // such a way that it is recognised. So a history that lags, that is another account's, or that keeps requests in another form proves nothing.
    private bool IsChecked(EditEntry edit)
    {
        if (!_accepted.TryGetValue(edit.Model, out List<(DateTimeOffset Submitted, bool IsShown)>? known))
        {
            return false;
        }

        List<(DateTimeOffset Submitted, bool IsShown)> near =
            known.FindAll(one => one.Submitted >= edit.Submitting - Around && one.Submitted <= edit.Silent + Around);
        return near.Count > 0 && near.TrueForAll(one => one.IsShown);
    }
}
