using QwenEdit.Collections;
using QwenEdit.Journal;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Reconciliation;

/// <summary>What the history says of an edit whose outcome is unknown.</summary>
internal enum MatchOutcome
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
/// <param name="Candidates">The rows that may be its job, or the likeliest of them; to adopt, the one that is.</param>
/// <param name="Reason">Why the edit is left as it is, in a sentence.</param>
/// <param name="Others">How many rows may be its job besides.</param>
/// <param name="IsProbable">
/// Whether the row to adopt is known by its fields and its time only. It may be the request of another user of the account's team, which the list
/// shows too.
/// </param>
internal sealed record HistoryMatch(
    MatchOutcome Outcome, DateTimeOffset Sent, IReadOnlyList<HistoryRow> Candidates, string Reason = "", int Others = 0, bool IsProbable = false);

/// <summary>
/// Settles what is unknown. Its law: no edit is given a job that is not its own, and none is released that has one. What could break it is
/// left to a person. It sees the history a page at a time, and keeps only what may be of an edit that is sought.
/// </summary>
/// <remarks>
/// Where the history keeps no images, a lone row with the edit's fields and time is adopted. It is another's only if the edit made no job, and
/// another journal sent the same fields for the same account in the same minutes.
/// </remarks>
/// <param name="sought">The edits without an answer, before the history was asked: unknown ones, and those that are on their way just now.</param>
/// <param name="settlingTime">After which time a request that was accepted is surely shown.</param>
internal sealed class HistoryMatcher(IReadOnlyList<EditEntry> sought, TimeSpan settlingTime)
{
    /// <summary>How far from an edit's own time the accepted requests are by which the history is checked.</summary>
    internal static readonly TimeSpan Around = TimeSpan.FromHours(1);

    /// <summary>How far the clocks of the service's hosts may be apart, or this machine's and theirs. No release of an edit rests on the latter.</summary>
    internal static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(10);

    // By the request, not by the edit: it may be sent again meanwhile.
    private readonly HashSet<(long, DateTimeOffset?)> _sought = [.. sought.Select(edit => (edit.Id, edit.Submitting))];
    private readonly RequestFingerprints _requests = new(sought, ClockMargin);
    private readonly Dictionary<string, HistoryRow> _kept = new(RequestIdComparer.Instance);
    private readonly CompactStringSet _shown = new();
    private readonly Dictionary<string, Expected> _expected = new(StringComparer.Ordinal);

    // By the row's id: the identity of the only edit whose job the row may be; null if there are several. One edit may have sent several requests.
    private readonly Dictionary<string, string?> _claimants = new(RequestIdComparer.Instance);
    private readonly List<(DateTimeOffset From, DateTimeOffset Until)> _missed = [];

    /// <summary>When the history was asked, by the date of its own answer; <see langword="null"/> as long as none had one.</summary>
    internal DateTimeOffset? AskedAt { get; set; }

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
                _shown.Add(RequestIdComparer.Key(row.RequestId));
            }
            else
            {
                _shown.Remove(RequestIdComparer.Key(row.RequestId));
            }

            if (!isOwned && _requests.LikeTo(row).Any())
            {
                _kept[row.RequestId] = row;
            }
            else
            {
                _kept.Remove(row.RequestId);
            }
        }
    }

    /// <summary>Takes note that a record could not be read. It may be any request of the days that were listed.</summary>
    /// <param name="from">The first day of the listing.</param>
    /// <param name="to">The last day.</param>
    internal void Miss(DateTime from, DateTime to) =>
        // The days of the history are of a time zone that is not documented.
        _missed.Add((new DateTimeOffset(from, TimeSpan.Zero).AddDays(-1), new DateTimeOffset(to, TimeSpan.Zero).AddDays(2)));

    /// <summary>Takes note of an edit that the journal knows was accepted, by which the history that was seen is checked.</summary>
    internal void Expect(EditEntry accepted)
    {
        if (accepted.Submitted is not { } submitted || (accepted.ServiceAccepted ?? submitted) + settlingTime > AskedAt)
        {
            return;
        }

        // One that was unknown when its page was seen is among what is kept.
        string id = accepted.RequestId!;
        bool isShown = _shown.Contains(RequestIdComparer.Key(id)) || (_kept.TryGetValue(id, out HistoryRow? row) && Recognises(accepted, row));
        if (!_expected.TryGetValue(accepted.Model, out Expected? expected))
        {
            _expected.Add(accepted.Model, expected = new Expected());
        }

        (isShown ? expected.Shown : expected.Missing).Add(submitted);
    }

    /// <summary>
    /// Takes note of a request whose job, if it has one, is not known by its id, and that is not among the unanswered edits: a row that may be its job
    /// is given to no other edit.
    /// </summary>
    internal void Contest(EditEntry nameless)
    {
        RequestFingerprint request = new(nameless, ClockMargin);
        // Without a response, only the service's own clock tells when it was sent.
        foreach (HistoryRow row in _kept.Values.Where(row => nameless.Submitted is null ? request.To(row) != MatchConfidence.None : request.Recognises(row)))
        {
            Claim(row, nameless);
        }
    }

    /// <summary>Decides about every edit that was sought and is unanswered still, by its number.</summary>
    /// <param name="unanswered">
    /// The edits without an answer, read after the history's last page, so that no row is of an edit that is not here. One that was sent
    /// meanwhile may claim a row, but nothing is found about it: its own row may be gone.
    /// </param>
    /// <param name="owned">Those of what is kept that are or were the jobs of edits of the journal by now.</param>
    internal IReadOnlyDictionary<long, HistoryMatch> Decide(IReadOnlyList<EditEntry> unanswered, IReadOnlyDictionary<string, EditEntry?> owned)
    {
        RequestFingerprints requests = new(unanswered, ClockMargin);
        Dictionary<long, MatchCandidates> candidates = unanswered.ToDictionary(edit => edit.Id, _ => new MatchCandidates());
        foreach (HistoryRow row in _kept.Values.Where(row => !owned.ContainsKey(row.RequestId)))
        {
            foreach ((RequestFingerprint request, MatchConfidence confidence) in requests.LikeTo(row))
            {
                candidates[request.Edit.Id].Add(row, confidence);
                Claim(row, request.Edit);
            }
        }

        foreach (Expected expected in _expected.Values)
        {
            expected.Shown.Sort();
            expected.Missing.Sort();
        }

        return unanswered
            .Where(edit => _sought.Contains((edit.Id, edit.Submitting)))
            .ToDictionary(edit => edit.Id, edit => Decide(edit, candidates[edit.Id]));
    }

    private void Claim(HistoryRow row, EditEntry edit) => _claimants[row.RequestId] =
        _claimants.TryGetValue(row.RequestId, out string? other) && other != edit.Identity ? null : edit.Identity;

    private HistoryMatch Decide(EditEntry edit, MatchCandidates candidates)
    {
        DateTimeOffset sent = edit.Submitting!.Value;
        (HistoryRow Row, MatchConfidence Likeness)? only =
            candidates.Only is { Likeness: >= MatchConfidence.Probable } one && _claimants[one.Row.RequestId] == edit.Identity ? one : null;
        if (only is { Likeness: MatchConfidence.Certain } certain)
        {
            return new HistoryMatch(MatchOutcome.Adopt, sent, [certain.Row]);
        }

        if (only is null && candidates.Count > 0)
        {
            IReadOnlyList<HistoryRow> likeliest = candidates.Likeliest;
            return new HistoryMatch(
                MatchOutcome.Leave,
                sent,
                likeliest,
                "The account's request history does not tell which request is this edit's, if one is",
                candidates.Count - likeliest.Count);
        }

        IReadOnlyList<HistoryRow> probable = only is { } found ? [found.Row] : [];
        return WhyNothingIsProved(edit, isAnyShown: only is not null) is { } reason ? new HistoryMatch(MatchOutcome.Leave, sent, probable, reason)
            : only is null ? new HistoryMatch(MatchOutcome.Release, sent, [])
            : new HistoryMatch(MatchOutcome.Adopt, sent, probable, IsProbable: true);
    }

    // Why the history does not prove yet that an edit has no job, or none but the one that is shown; null if it does.
    private string? WhyNothingIsProved(EditEntry edit, bool isAnyShown)
    {
        string shown = isAnyShown
            ? "The account's request history shows one request that is probably this edit's"
            : "The account's request history shows no such request";
        if (AskedAt is not { } askedAt)
        {
            return $"{shown}, but its answers have no date, by which to tell how long it has had to show {(isAnyShown ? "others" : "it")}";
        }

        if (edit is not { SentUntil: { } sentUntil, ServiceNotAfter: { } first } || askedAt < first + settlingTime)
        {
            TimeSpan left = (edit.ServiceNotAfter ?? askedAt) + settlingTime - askedAt;
            return $"{shown}{(isAnyShown ? ", but another" : " yet, but it")} may come late: ask again in {Math.Ceiling(left.TotalMinutes):0} minutes";
        }

        DateTimeOffset sent = edit.Submitting!.Value;
        if (_missed.Any(missed => missed.From <= sentUntil && sent <= missed.Until))
        {
            return "The account's request history has a record of that time that is too large to be read or has an id that can be none, and may be this request";
        }

        (bool isOursShown, bool isOursMissing) = Accepted(edit.Model, sent - Around, sentUntil + Around);
        return isAnyShown && isOursMissing ? $"{shown}, but it does not show all that was accepted around that time, so that it proves nothing"
            : !isAnyShown && (isOursMissing || !isOursShown)
                ? $"{shown}, but nor does it show what was accepted around that time, so that it proves nothing"
            : null;
    }

    private static bool Recognises(EditEntry edit, HistoryRow row) => new RequestFingerprint(edit, ClockMargin).Recognises(row);

    // Whether the history shows any request that was surely accepted in a time and has had the time to be shown, and whether one is missing, or is
    // shown in such a way that it is not recognised. A history that lags, is another account's, or keeps requests in another form proves nothing.
    private (bool IsAnyShown, bool IsAnyMissing) Accepted(string model, DateTimeOffset from, DateTimeOffset until)
    {
        return _expected.TryGetValue(model, out Expected? expected) ? (IsAnyIn(expected.Shown), IsAnyIn(expected.Missing)) : default;

        bool IsAnyIn(List<DateTimeOffset> times)
        {
            int found = times.BinarySearch(from);
            int next = found < 0 ? ~found : found;
            return next < times.Count && times[next] <= until;
        }
    }

    /// <summary>When the requests of a model were accepted that the history has to show.</summary>
    private sealed class Expected
    {
        internal List<DateTimeOffset> Shown { get; } = [];

        internal List<DateTimeOffset> Missing { get; } = [];
    }
}
