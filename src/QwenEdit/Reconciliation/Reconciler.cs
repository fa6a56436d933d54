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
    HistoryClient? history, EditJournal journal, AccountJournal book, TimeSpan settlingTime, TimeProvider time, IEditLog log)
{
    private readonly object _gate = new();
    private Task<IReadOnlyDictionary<long, HistoryMatch>?>? _findings;
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
            case EditState.Unknown when !book.Has(entry):
                return entry with { Error = "It was sent with another API key, whose account's request history is not at hand." };
            case EditState.Unknown:
                IReadOnlyDictionary<long, HistoryMatch>? findings = await FindingsAsync(history, cancellationToken).ConfigureAwait(false);
                return findings is not null && findings.TryGetValue(entry.Id, out HistoryMatch? finding) && finding.Sent == entry.Submitting
                    ? await ReconcileAsync(history, entry, finding, cancellationToken).ConfigureAwait(false)
                    : entry with { Error = null };
            case EditState.Expired when history is not null && book.Has(entry):
            // The image was in the response to the submission, so its URL is not known.
            case EditState.Received when entry is { RequestId: not null, OutputUrl: null } && history is not null && book.Has(entry):
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

    private async Task<EditEntry> ReconcileAsync(HistoryClient client, EditEntry entry, HistoryMatch finding, CancellationToken cancellationToken)
    {
        // The list has the requests of the whole team. By id, the history finds only the requests of the key's own user.
        if (finding.IsProbable
            && await OrNothingAsync(() => client.FindAsync(finding.Candidates[0].RequestId, cancellationToken)).ConfigureAwait(false) is null)
        {
            return Volatile.Read(ref _isGone) != 0
                ? entry with { Error = null }
                : Leave(entry, finding with
                {
                    Reason = "The account's request history lists a request that is probably this edit's, but does not find it by its id, so that it may be another user's",
                });
        }

        switch (finding.Outcome)
        {
            // Another session may have adopted it meanwhile.
            case MatchOutcome.Adopt when book.Owned([finding.Candidates[0].RequestId]).Count == 0:
                HistoryRow row = finding.Candidates[0];
                EditEntry adopted = journal.Submitted(entry, row.RequestId, row.Created ?? finding.Sent, row.Created);
                log.Verbose($"{entry.Source} is request {row.RequestId}: the account's request history shows that it was accepted.");
                return End(adopted, row);
            case MatchOutcome.Release:
                EditEntry released = journal.NoJob(entry);
                log.Verbose($"{entry.Source} never became a job: the account's request history shows all that was accepted around {finding.Sent:u}, and not this.");
                return released;
            default:
                return Leave(entry, finding);
        }
    }

    private EditEntry Leave(EditEntry entry, HistoryMatch finding)
    {
        string note = finding.Candidates.Count == 0 ? finding.Reason + "." : $"{finding.Reason}: {Names(finding)}.";
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
            // An image that was received is no failed job's, whatever the history says.
            case EditState.Failed when entry.State != EditState.Received:
                return journal.Failed(entry, time.GetUtcNow(), $"The edit failed at the service and is not billed: {row.Error}");
            default:
                return entry;
        }
    }

    private Task<IReadOnlyDictionary<long, HistoryMatch>?> FindingsAsync(HistoryClient client, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _findings ??= OrNothingAsync(() => FindAllAsync(client, cancellationToken));
        }
    }

    private async Task<IReadOnlyDictionary<long, HistoryMatch>?> FindAllAsync(HistoryClient client, CancellationToken cancellationToken)
    {
        IReadOnlyList<EditEntry> sought = book.Unanswered();
        string? model = sought.Select(edit => edit.Model).Distinct(StringComparer.Ordinal).Count() == 1 ? sought[0].Model : null;
        HistoryMatcher settlement = new(sought, settlingTime);
        foreach ((DateTime from, DateTime to) in HistoryDateRanges.Of(sought))
        {
            (DateTimeOffset? date, int unread) = await client
                .ListAsync(from, to, model, page => settlement.See(page, book.Owned(page.Select(row => row.RequestId))), cancellationToken)
                .ConfigureAwait(false);
            settlement.AskedAt ??= date;
            if (unread > 0)
            {
                settlement.Miss(from, to);
            }
        }

        if (settlement.AskedAt is { } askedAt)
        {
            book.Asked(sought, askedAt);
            book.RemoveLostRequests(askedAt);
        }

        // Read again after the response, because a row may belong to an edit that another session has sent meanwhile. An edit that gets its response
        // between these reads owns its row by the last of them.
        IReadOnlyList<EditEntry> unanswered = book.Unanswered();
        book.Accepted(sought.Min(edit => edit.Submitting!.Value) - HistoryMatcher.Around, DateTimeOffset.MaxValue, settlement.Expect);
        book.Nameless(
            sought.Min(edit => edit.Submitting!.Value) - HistoryMatcher.Around, sought.Max(edit => edit.Submitting!.Value) + HistoryMatcher.Around, settlement.Contest);
        return settlement.Decide(unanswered, book.Owned(settlement.Kept));
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
                log.Warning($"The account's request history can't be asked, so that what is unknown stays so. {exception.Message}");
            }

            return null;
        }
    }

    private static string Names(HistoryMatch finding)
    {
        string names = string.Join(
            ", ", finding.Candidates.Select(row => row.Created is { } created ? $"{row.RequestId} ({created:u})" : row.RequestId));
        return finding.Others > 0 ? $"{names} and {finding.Others} more" : names;
    }
}
