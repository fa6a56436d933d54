using QwenEdit.Diagnostics;
using QwenEdit.Journal;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Reconciliation;

/// <summary>
/// Reads the account's request history for edits that this session has claimed and that can't be continued without it: unknown edits, with one listing
/// for each session, and expired edits. Sends only GETs, and records what it finds.
/// </summary>
internal sealed class Reconciler(
    HistoryClient? history, EditJournal journal, AccountJournal account, TimeSpan settlingTime, TimeProvider time, IEditLog log)
{
    private readonly object _lock = new();
    private Task<IReadOnlyDictionary<long, HistoryMatch>?>? _matches;
    private int _isGone;

    /// <summary>Finds the outcome of an edit in the history, if it is there.</summary>
    /// <param name="entry">The edit. If it stays unknown, the returned row's error says why.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <returns>The edit as the journal has it now.</returns>
    /// <exception cref="QwenEditException">The journal's own errors.</exception>
    internal async Task<EditEntry> ReconcileAsync(EditEntry entry, CancellationToken cancellationToken)
    {
        switch (entry.State)
        {
            case EditState.Unknown when history is null:
                return entry with { Error = null };
            case EditState.Unknown when !account.Has(entry):
                return entry with { Error = "It was sent with another API key, whose account's request history can't be read with this one." };
            case EditState.Unknown:
                IReadOnlyDictionary<long, HistoryMatch>? matches = await MatchesAsync(history, cancellationToken).ConfigureAwait(false);
                return matches is not null && matches.TryGetValue(entry.Id, out HistoryMatch? match) && match.Sent == entry.Submitting
                    ? await ReconcileAsync(history, entry, match, cancellationToken).ConfigureAwait(false)
                    : entry with { Error = null };
            case EditState.Expired when history is not null && account.Has(entry):
            // The image was in the response to the submission, so its URL is not known.
            case EditState.Received when entry is { RequestId: not null, OutputUrl: null } && history is not null && account.Has(entry):
                HistoryRow? row = await OrNothingAsync(() => history.FindAsync(entry.RequestId!, cancellationToken)).ConfigureAwait(false);
                return row is null ? entry : End(entry, row);
            default:
                return entry;
        }
    }

    /// <summary>Returns what the history has of a completed job that the service no longer knows; <see langword="null"/> if it has no image.</summary>
    internal async Task<JobReport?> TraceAsync(string requestId, CancellationToken cancellationToken)
    {
        HistoryRow? row = history is null ? null : await OrNothingAsync(() => history.FindAsync(requestId, cancellationToken)).ConfigureAwait(false);
        if (row is not { State: EditState.Completed, OutputUrl: { } url })
        {
            return null;
        }

        log.Verbose($"Request {requestId} is completed; the account's request history names its output.");
        return new JobReport { State = EditState.Completed, Cost = row.Cost, Output = new JobOutput { Url = url } };
    }

    private async Task<EditEntry> ReconcileAsync(HistoryClient client, EditEntry entry, HistoryMatch match, CancellationToken cancellationToken)
    {
        // The list has the requests of the whole team. By id, the history finds only the requests of the key's own user.
        if (match.IsProbable
            && await OrNothingAsync(() => client.FindAsync(match.Candidates[0].RequestId, cancellationToken)).ConfigureAwait(false) is null)
        {
            return Volatile.Read(ref _isGone) != 0
                ? entry with { Error = null }
                : Leave(entry, match with
                {
                    Reason = "The account's request history lists a request that is probably this edit's, but does not find it by its id, so that it may be another user's",
                });
        }

        switch (match.Outcome)
        {
            // Another session may have adopted it meanwhile.
            case MatchOutcome.Adopt when account.Owned([match.Candidates[0].RequestId]).Count == 0:
                HistoryRow row = match.Candidates[0];
                EditEntry adopted = journal.Submitted(entry, row.RequestId, row.Created ?? match.Sent, row.Created);
                log.Verbose($"{entry.Source} is request {row.RequestId}: the account's request history shows that it was accepted.");
                return End(adopted, row);
            case MatchOutcome.Release:
                EditEntry released = journal.NoJob(entry);
                log.Verbose($"{entry.Source} has no job: the account's request history shows the requests that were accepted around {match.Sent:u}, and not this one.");
                return released;
            default:
                return Leave(entry, match);
        }
    }

    private EditEntry Leave(EditEntry entry, HistoryMatch match)
    {
        string note = match.Candidates.Count == 0 ? match.Reason + "." : $"{match.Reason}: {Names(match)}.";
        return journal.Unsettled(entry, note);
    }

    // Records the end of the job. The service's own record has more details, and is read while it exists.
    private EditEntry End(EditEntry entry, HistoryRow row)
    {
        switch (row.State)
        {
            case EditState.Completed when row.OutputUrl is not null:
                DateTimeOffset ended = (row.Created + (row.Latency ?? TimeSpan.Zero)) ?? entry.Submitted ?? time.GetUtcNow();
                if (time.GetUtcNow() - ended >= ServiceRetention.Output)
                {
                    return entry;
                }

                EditEntry completed = journal.Completed(entry, ended, row.OutputUrl.AbsoluteUri, row.Cost, null, null, null);
                log.Verbose($"Request {row.RequestId} (for {entry.Source}) is completed; the account's request history names its output.");
                return completed;
            // A job whose image was received has not failed, whatever the history says.
            case EditState.Failed when entry.State != EditState.Received:
                return journal.Failed(entry, time.GetUtcNow(), $"The edit failed at the service and is not billed: {row.Error}");
            default:
                return entry;
        }
    }

    private Task<IReadOnlyDictionary<long, HistoryMatch>?> MatchesAsync(HistoryClient client, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _matches ??= OrNothingAsync(() => MatchAllAsync(client, cancellationToken));
        }
    }

    private async Task<IReadOnlyDictionary<long, HistoryMatch>?> MatchAllAsync(HistoryClient client, CancellationToken cancellationToken)
    {
        IReadOnlyList<EditEntry> sought = account.Unanswered();
        string? model = sought.Select(edit => edit.Model).Distinct(StringComparer.Ordinal).Count() == 1 ? sought[0].Model : null;
        HistoryMatcher matcher = new(sought, settlingTime);
        foreach ((DateTime from, DateTime to) in HistoryDateRanges.Of(sought))
        {
            (DateTimeOffset? date, int unread) = await client
                .ListAsync(from, to, model, page => matcher.See(page, account.Owned(page.Select(row => row.RequestId))), cancellationToken)
                .ConfigureAwait(false);
            matcher.AskedAt ??= date;
            if (unread > 0)
            {
                matcher.Miss(from, to);
            }
        }

        if (matcher.AskedAt is { } askedAt)
        {
            account.Asked(sought, askedAt);
            account.RemoveLostRequests(askedAt);
        }

        // Read again after the response, because a row may belong to an edit that another session has sent meanwhile. An edit that gets its response
        // between these reads owns its row by the last of them.
        IReadOnlyList<EditEntry> unanswered = account.Unanswered();
        account.Accepted(sought.Min(edit => edit.Submitting!.Value) - HistoryMatcher.Around, DateTimeOffset.MaxValue, matcher.Expect);
        account.Nameless(
            sought.Min(edit => edit.Submitting!.Value) - HistoryMatcher.Around, sought.Max(edit => edit.Submitting!.Value) + HistoryMatcher.Around, matcher.Contest);
        return matcher.Decide(unanswered, account.Owned(matcher.Kept));
    }

    // After an error, the run continues without the history.
    private async Task<T?> OrNothingAsync<T>(Func<Task<T?>> ask)
        where T : class
    {
        if (Volatile.Read(ref _isGone) != 0)
        {
            return null;
        }

        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (QwenEditException exception) when (exception.Error is not (EditError.JournalBusy or EditError.JournalUnavailable or EditError.JournalDamaged))
        {
            if (Interlocked.Exchange(ref _isGone, 1) == 0)
            {
                log.Warning($"The account's request history can't be read, so unknown edits stay unknown. {exception.Message}");
            }

            return null;
        }
    }

    private static string Names(HistoryMatch match)
    {
        string names = string.Join(
            ", ", match.Candidates.Select(row => row.Created is { } created ? $"{row.RequestId} ({created:u})" : row.RequestId));
        return match.Others > 0 ? $"{names} and {match.Others} more" : names;
    }
}
