using QwenEdit.Collections;
using QwenEdit.Journal;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Reconciliation;

/// <summary>What the history proves about an edit whose outcome is unknown.</summary>
internal enum MatchOutcome
{
    /// <summary>Nothing.</summary>
    Leave,

    /// <summary>The edit has a job, which is known.</summary>
    Adopt,

    /// <summary>The edit has no job, and may be submitted again.</summary>
    Release,
}

/// <summary>What was found about one edit.</summary>
/// <param name="Outcome">What is proved.</param>
/// <param name="Sent">When the request was sent. The match is not valid for a later request of the edit.</param>
/// <param name="Candidates">The rows that may be its job, or the most likely of them; for <see cref="MatchOutcome.Adopt"/>, its job.</param>
/// <param name="Reason">Why nothing is proved, as a sentence.</param>
/// <param name="Others">How many more rows may be its job.</param>
/// <param name="IsProbable">
/// Whether only the fields and the time of the row match. It may be the request of another user of the account's team, which the list shows too.
/// </param>
internal sealed record HistoryMatch(
    MatchOutcome Outcome, DateTimeOffset Sent, IReadOnlyList<HistoryRow> Candidates, string Reason = "", int Others = 0, bool IsProbable = false);

/// <summary>
/// Matches unknown edits with the rows of the request history. No edit gets a job that is not its own, and no edit that has a job is released. Each edit
/// is matched only when the match is unambiguous; the others are left to a person. The history is read a page at a time, and only rows that may be
/// the request of an unknown edit are kept.
/// </summary>
/// <remarks>
/// Where the history keeps no images, the only row with the edit's fields and time is adopted. It belongs to another edit only if this edit made no job
/// and another journal sent the same fields for the same account in the same minutes.
/// </remarks>
/// <param name="sought">The edits without a response, read before the history: unknown edits, and those whose requests are under way.</param>
/// <param name="settlingTime">How long after its acceptance a request is certain to be in the history.</param>
internal sealed class HistoryMatcher(IReadOnlyList<EditEntry> sought, TimeSpan settlingTime)
{
    /// <summary>How far from an edit's own time the accepted requests are that the history is checked with.</summary>
    internal static readonly TimeSpan Around = TimeSpan.FromHours(1);

    /// <summary>How far the clocks of the service's hosts, and of this machine, may be apart. This machine's clock is never a reason to release an edit.</summary>
    internal static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(10);

    // The key is the request, not the edit, which may be sent again meanwhile.
    private readonly HashSet<(long, DateTimeOffset?)> _sought = [.. sought.Select(edit => (edit.Id, edit.Submitting))];
    private readonly RequestFingerprints _requests = new(sought, ClockMargin);
    private readonly Dictionary<string, HistoryRow> _kept = new(RequestIdComparer.Instance);
    private readonly CompactStringSet _shown = new();
    private readonly Dictionary<string, Expected> _expected = new(StringComparer.Ordinal);

    // For each row, the identity of the only edit whose job it may be; null if there are several. One edit may have sent several requests.
    private readonly Dictionary<string, string?> _claimants = new(RequestIdComparer.Instance);
    private readonly List<(DateTimeOffset From, DateTimeOffset Until)> _missed = [];

    /// <summary>When the history was read, by the <c>Date</c> of its own response; <see langword="null"/> before a response had one.</summary>
    internal DateTimeOffset? AskedAt { get; set; }

    /// <summary>The request ids of the rows that may be the request of an unknown edit.</summary>
    internal IReadOnlyCollection<string> Kept => _kept.Keys;

    /// <summary>Reads a page of the history. A row that was read before is replaced.</summary>
    /// <param name="page">The page.</param>
    /// <param name="owned">The request ids of the page that are or were jobs of the journal's edits, with these edits.</param>
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

            if (!isOwned && _requests.Matching(row).Any())
            {
                _kept[row.RequestId] = row;
            }
            else
            {
                _kept.Remove(row.RequestId);
            }
        }
    }

    /// <summary>Notes that a record could not be read. It may be any request of the listed days.</summary>
    /// <param name="from">The first day of the listing.</param>
    /// <param name="to">The last day.</param>
    internal void Miss(DateTime from, DateTime to) =>
        // The time zone of the history's days is not documented.
        _missed.Add((new DateTimeOffset(from, TimeSpan.Zero).AddDays(-1), new DateTimeOffset(to, TimeSpan.Zero).AddDays(2)));

    /// <summary>Notes an edit that was accepted according to the journal. The history is complete only if it has this edit.</summary>
    internal void Expect(EditEntry accepted)
    {
        if (accepted.Submitted is not { } submitted || (accepted.ServiceAccepted ?? submitted) + settlingTime > AskedAt)
        {
            return;
        }

        // If it was unknown when its page was read, its row was kept.
        string id = accepted.RequestId!;
        bool isShown = _shown.Contains(RequestIdComparer.Key(id)) || (_kept.TryGetValue(id, out HistoryRow? row) && Recognises(accepted, row));
        if (!_expected.TryGetValue(accepted.Model, out Expected? expected))
        {
            _expected.Add(accepted.Model, expected = new Expected());
        }

        (isShown ? expected.Shown : expected.Missing).Add(submitted);
    }

    /// <summary>
    /// Notes a request that may have a job whose id is not known, and that is not among the unanswered edits. No other edit gets a row that may be
    /// this request.
    /// </summary>
    internal void Contest(EditEntry nameless)
    {
        RequestFingerprint request = new(nameless, ClockMargin);
        // Without a response, only the service's clock limits when it was sent.
        foreach (HistoryRow row in _kept.Values.Where(row => nameless.Submitted is null ? request.To(row) != MatchConfidence.None : request.Recognises(row)))
        {
            Claim(row, nameless);
        }
    }

    /// <summary>Returns a match for each edit that still has no response, by the number of the edit.</summary>
    /// <param name="unanswered">
    /// The edits without a response, read after the history's last page, so that each row's edit is among them. An edit that was sent meanwhile may be
    /// the owner of a row, but nothing is proved about it, as its own row may be missing.
    /// </param>
    /// <param name="owned">The kept request ids that are or were jobs of the journal's edits by now.</param>
    internal IReadOnlyDictionary<long, HistoryMatch> Decide(IReadOnlyList<EditEntry> unanswered, IReadOnlyDictionary<string, EditEntry?> owned)
    {
        RequestFingerprints requests = new(unanswered, ClockMargin);
        Dictionary<long, MatchCandidates> candidates = unanswered.ToDictionary(edit => edit.Id, _ => new MatchCandidates());
        foreach (HistoryRow row in _kept.Values.Where(row => !owned.ContainsKey(row.RequestId)))
        {
            foreach ((RequestFingerprint request, MatchConfidence confidence) in requests.Matching(row))
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
        (HistoryRow Row, MatchConfidence Confidence)? only =
            candidates.Only is { Confidence: >= MatchConfidence.Probable } one && _claimants[one.Row.RequestId] == edit.Identity ? one : null;
        if (only is { Confidence: MatchConfidence.Certain } certain)
        {
            return new HistoryMatch(MatchOutcome.Adopt, sent, [certain.Row]);
        }

        if (only is null && candidates.Count > 0)
        {
            IReadOnlyList<HistoryRow> mostLikely = candidates.MostLikely;
            return new HistoryMatch(
                MatchOutcome.Leave,
                sent,
                mostLikely,
                "The account's request history does not tell which request is this edit's, if one is",
                candidates.Count - mostLikely.Count);
        }

        IReadOnlyList<HistoryRow> probable = only is { } found ? [found.Row] : [];
        return WhyNothingIsProved(edit, isAnyShown: only is not null) is { } reason ? new HistoryMatch(MatchOutcome.Leave, sent, probable, reason)
            : only is null ? new HistoryMatch(MatchOutcome.Release, sent, [])
            : new HistoryMatch(MatchOutcome.Adopt, sent, probable, IsProbable: true);
    }

    // Why the history does not prove yet that an edit has no job, or no other job than the one that is shown; null if it proves that.
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

    // Whether the history has any request that was accepted in a period and is old enough to be shown, and whether one is missing or does not match its
    // own row. A history that lags, belongs to another account, or stores requests in another form proves nothing.
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

    /// <summary>When the requests of a model were accepted that the history must have.</summary>
    private sealed class Expected
    {
        internal List<DateTimeOffset> Shown { get; } = [];

        internal List<DateTimeOffset> Missing { get; } = [];
    }
}
