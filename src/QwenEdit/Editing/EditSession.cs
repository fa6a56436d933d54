using QwenEdit.Commands.Parameters;
using QwenEdit.Compatibility;
using QwenEdit.Diagnostics;
using QwenEdit.Editing.Polling;
using QwenEdit.Files;
using QwenEdit.Journal;
using QwenEdit.Reconciliation;
using QwenEdit.Runs;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Editing;

/// <summary>What the edits of one call share: the connection, the journal and the breaker; and the steps of an edit's life.</summary>
internal sealed class EditSession : IDisposable
{
    private readonly EditSettings _settings;
    private readonly TimeProvider _time;
    private readonly IEditLog _log;
    private readonly JournalStore _store;
    private readonly SessionLease _lease;
    private readonly EditJournal _journal;
    private readonly JournalRetryQueue _writes;
    private readonly EditClaims _claims;
    private readonly SegmindClients _links;
    private readonly StatusQuery _statusQuery;
    private readonly LimitedSubmitter _submitter;
    private readonly EditResumer _resumer;
    private readonly Uri _endpoint;
    private readonly RunTracker _run;

    /// <summary>Opens the journal, and makes ready to connect.</summary>
    /// <exception cref="QwenEditException">The journal's own errors; nothing was sent.</exception>
    internal EditSession(SegmindConnection connection, EditSettings settings, TimeProvider time, IEditLog log)
    {
        _settings = settings;
        _time = time;
        _log = log;
        _endpoint = connection.Endpoint.Root;
        _store = JournalStore.Open(settings.JournalPath, settings.Stopped);
        _lease = new SessionLease(_store, time);
        try
        {
            _ = _lease.File;
        }
        catch
        {
            _store.Dispose();
            throw;
        }

        if (JournalLocation.MayGroupWrite(_store.Path))
        {
            log.Warning($"The journal {_store.Path} may be written by other users of its group, who could have edits paid for again.");
        }

        RunJournal runs = new(_store, _lease);
        _run = new RunTracker(runs, settings.Run, settings.Limits, Breaker, time, log);
        string account = AccountFingerprint.Of(connection.ApiKey);
        _journal = new EditJournal(_store, _lease, _run.Id) { Account = account };
        _writes = new JournalRetryQueue(log);
        _links = new SegmindClients(connection, settings, account, time, log);
        TemporaryFiles temporaries = new(TextHash.Of(_store.Path).Substring(0, 8), _lease.Token, _lease.IsAlive);
        AccountJournal accountJournal = new(_store, _lease, _endpoint.AbsoluteUri, account);
        Reconciler reconciler = new(_links.History, _journal, accountJournal, settings.SettlingTime, time, log);
        _claims = new EditClaims(_journal, new ImageHasher(new ImageHashes(_store)), reconciler, temporaries, _endpoint, settings.Resubmit, time);
        JobPoller poller = new(_links.Client, new Latencies(new LatencyJournal(_store, _endpoint.AbsoluteUri)), settings, time, log);
        _statusQuery = new StatusQuery(_claims, _links.Client, poller, settings.Timeout, time);
        ResultReceiver receiver = new(_links.Download, poller, _journal, _writes, temporaries, settings.Run, settings.Timeout, time, log);
        _resumer = new EditResumer(_links.Client, _journal, reconciler, receiver);
        JobSubmitter jobSubmitter = new(
            _links.Client, _links.Storage is null ? null : new ImageUploads(_links.Storage, _journal, log), _journal, _writes, Breaker, _endpoint, time, log);
        _submitter = new LimitedSubmitter(
            jobSubmitter,
            receiver,
            settings.Transport == EditTransport.Sync
                ? new SyncJobRunner(_links.Client, jobSubmitter, receiver, _resumer, _links.Download, _endpoint, time, log)
                : null,
            new CostLimit(settings.Limits.Cost, settings.Limits.Consent, model => _journal.RecentCost(_endpoint.AbsoluteUri, model)?.Highest, Breaker),
            settings.Limits.IgnoreExpiry ? null : new JobLimit(runs, _journal, _endpoint.AbsoluteUri, time, Breaker),
            temporaries,
            settings.Timeout,
            time);
    }

    /// <summary>Whether submitting has been stopped.</summary>
    internal SubmissionBreaker Breaker { get; } = new();

    /// <summary>Runs an edit to its end, or what is left of one that was begun: submits it if it has no job, polls it and receives it.</summary>
    internal Task<EndedEdit> EditAsync(PreparedEdit edit, CancellationToken cancellationToken) => EditAsync(edit, null, cancellationToken);

    /// <summary>Runs an edit to its end, or what is left of one that was begun: submits it if it has no job, polls it and receives it.</summary>
    /// <param name="edit">The edit.</param>
    /// <param name="ready">Is awaited first; <see langword="null"/> for nothing.</param>
    /// <param name="cancellationToken">Breaks off; a job goes on.</param>
    internal Task<EndedEdit> EditAsync(PreparedEdit edit, Func<CancellationToken, Task>? ready, CancellationToken cancellationToken)
    {
        EditEntry? claimed = null;
        return _run.CountAsync(edit.Request.Source, edit.Request.Model, async () =>
        {
            try
            {
                await (ready?.Invoke(cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
                edit = _claims.WithHash(edit, cancellationToken);
                (EditEntry entry, NextStep step) = await _claims.ClaimAsync(edit, cancellationToken).ConfigureAwait(false);
                claimed = step == NextStep.Skip ? null : entry;
                return step == NextStep.Submit
                    ? await _submitter.SubmitAndReceiveAsync(edit, entry, cancellationToken).ConfigureAwait(false)
                    : (await _resumer.ContinueAsync(entry, step, edit.Request.Overwrite, new Deadline(_time, _settings.Timeout), cancellationToken)
                        .ConfigureAwait(false)).AsResumed();
            }
            catch (QwenEditException exception)
            {
                ForgetIfChanged(edit, exception);
                return EditMapper.NotSubmitted(edit.Request, Breaker.Observe(exception));
            }
            finally
            {
                Release(claimed);
            }
        }, () => StateOf(claimed));
    }

    /// <summary>Submits an edit and leaves it; one that is a job already is left as it is.</summary>
    internal Task<EditJob> SubmitAsync(PreparedEdit edit, CancellationToken cancellationToken) => SubmitAsync(edit, null, cancellationToken);

    /// <summary>Submits an edit and leaves it; one that is a job already is left as it is.</summary>
    /// <exception cref="QwenEditException">
    /// There is no job; except for <see cref="EditError.OutcomeUnknown"/>, where it can't be known.
    /// </exception>
    /// <param name="edit">The edit.</param>
    /// <param name="ready">Is awaited first; <see langword="null"/> for nothing.</param>
    /// <param name="cancellationToken">Breaks off; a job goes on.</param>
    internal Task<EditJob> SubmitAsync(PreparedEdit edit, Func<CancellationToken, Task>? ready, CancellationToken cancellationToken)
    {
        EditEntry? claimed = null;
        return _run.CountAsync(edit.Request.Source, edit.Request.Model, async () =>
        {
            try
            {
                await (ready?.Invoke(cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
                edit = _claims.WithHash(edit, cancellationToken);
                (EditEntry entry, NextStep step) = await _claims.ClaimAsync(edit, cancellationToken).ConfigureAwait(false);
                claimed = step == NextStep.Skip ? null : entry;
                return step switch
                {
                    NextStep.Submit => await _submitter.SubmitAndLeaveAsync(edit, entry, cancellationToken).ConfigureAwait(false),
                    NextStep.ReportUnknown or NextStep.ReportExpired or NextStep.ReportFailed => throw EditMapper.Why(entry, step),
                    _ => EditMapper.Job(entry),
                };
            }
            catch (QwenEditException exception)
            {
                ForgetIfChanged(edit, exception);
                throw Breaker.Observe(exception);
            }
            finally
            {
                Release(claimed);
            }
        }, () => StateOf(claimed));
    }

    /// <summary>Asks for a job's state once, or with <paramref name="wait"/> until it has ended.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.TimedOut"/>, or the question got no answer.</exception>
    internal Task<EditStatus> GetStatusAsync(EditJob job, bool wait, CancellationToken cancellationToken) => _statusQuery.AskAsync(job, wait, cancellationToken);

    /// <summary>Asks for the account's balance, in credits.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.CreditNotFound"/>, or the question got no answer.</exception>
    internal Task<(decimal Credits, decimal? Free)> GetCreditsAsync(CancellationToken cancellationToken) =>
        _links.Client.GetCreditsAsync(new Deadline(_time, _settings.Timeout), cancellationToken);

    /// <summary>Receives a job's output; with <paramref name="wait"/> once it has ended.</summary>
    internal Task<EndedEdit> ReceiveAsync(EditJob job, bool overwrite, bool wait, CancellationToken cancellationToken) => _run.CountAsync(Name(job), job.Model, async () =>
    {
        Deadline? deadline = wait ? new Deadline(_time, _settings.Timeout) : null;
        EditJob known = job;
        EditEntry? claimed = null;
        try
        {
            known = _claims.Find(job, out EditEntry? entry);
            if (entry is null || (known.Destination != entry.Destination && job.RequestId.Length > 0))
            {
                if (!overwrite && File.Exists(known.Destination))
                {
                    throw new QwenEditException(EditError.DestinationExists, $"{known.Destination} already exists.");
                }

                NextStep next = ResumeDecision.Decide(entry, DestinationState.Nothing, overwrite, Resubmit.None, _time.GetUtcNow());
                return await _resumer.CopyAsync(known, entry, next, overwrite, deadline, cancellationToken).ConfigureAwait(false);
            }

            (claimed, NextStep step) = await _claims.ClaimAsync(entry, overwrite, cancellationToken).ConfigureAwait(false);
            return await _resumer.ContinueAsync(claimed, step, overwrite, deadline, cancellationToken).ConfigureAwait(false);
        }
        catch (QwenEditException exception)
        {
            return EditMapper.Ended(known, null, exception);
        }
        finally
        {
            Release(claimed);
        }
    }, () => StateOf(job));

    /// <summary>The edits of the journal that have jobs to receive or outcomes to settle, those that expire first at the head.</summary>
    internal IReadOnlyList<EditJob> Unfinished() =>
        [.. _journal.Unfinished().Where(entry => entry.Endpoint == _endpoint.AbsoluteUri).Select(EditMapper.Job)];

    /// <summary>Goes on with an edit of the journal, without ever submitting it.</summary>
    internal Task<EndedEdit> ResumeAsync(EditJob job, bool overwrite, CancellationToken cancellationToken) =>
        ResumeAsync(job, overwrite, null, cancellationToken);

    /// <summary>Goes on with an edit of the journal, without ever submitting it.</summary>
    /// <param name="job">The edit.</param>
    /// <param name="overwrite">Whether a file at its destination may be written over.</param>
    /// <param name="elsewhere">Where its image goes if it can't go to its destination; <see langword="null"/> for nowhere.</param>
    /// <param name="cancellationToken">Breaks off; the job goes on.</param>
    internal Task<EndedEdit> ResumeAsync(EditJob job, bool overwrite, string? elsewhere, CancellationToken cancellationToken) => _run.CountAsync(Name(job), job.Model, async () =>
    {
        EndedEdit ended = await ResumeOnceAsync(job, overwrite, cancellationToken).ConfigureAwait(false);
        if (elsewhere is null || ended.Error?.Error is not (EditError.DestinationExists or EditError.DestinationUnwritable))
        {
            return ended;
        }

        _log.Verbose($"The image of {job.Source} goes to {elsewhere}, as it can't go where it was to go: {ended.Error.Message}");
        try
        {
            _journal.Move(job.EditId, elsewhere);
        }
        catch (QwenEditException exception)
        {
            return EditMapper.Ended(job, null, exception);
        }

        return await ResumeOnceAsync(job with { Destination = elsewhere }, overwrite, cancellationToken).ConfigureAwait(false);
    }, () => StateOf(job));

    private async Task<EndedEdit> ResumeOnceAsync(EditJob job, bool overwrite, CancellationToken cancellationToken)
    {
        EditEntry? claimed = null;
        try
        {
            EditEntry entry = _journal.Find(job.EditId);
            (claimed, NextStep step) = await _claims.ClaimAsync(entry, overwrite, cancellationToken).ConfigureAwait(false);
            return (await _resumer.ContinueAsync(claimed, step, overwrite, new Deadline(_time, _settings.Timeout), cancellationToken).ConfigureAwait(false))
                .AsResumed();
        }
        catch (QwenEditException exception)
        {
            return EditMapper.Ended(job, null, exception);
        }
        finally
        {
            Release(claimed);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run.Dispose();
        _links.Dispose();
        _lease.Dispose();
        _store.Dispose();
        Breaker.Dispose();
    }

    /// <summary>Writes to the journal what could not be written before, when all edits have ended.</summary>
    /// <returns><see cref="EditError.JournalIncomplete"/> for what still can't; <see langword="null"/> if everything is recorded.</returns>
    internal QwenEditException? EndWrites() => _writes.End();

    /// <summary>Writes the end of the run to the journal.</summary>
    internal void End(EditRun run) => _run.End(run);

    private void ForgetIfChanged(PreparedEdit edit, QwenEditException exception)
    {
        if (exception.Error == EditError.ImageChanged)
        {
            _log.Note(() => _claims.Forget(edit.Image!), $"The change of {edit.Request.Source}");
        }
    }

    // What is left of a stopped edit, when it has been released.
    private EditState? StateOf(EditEntry? claimed) => claimed is null ? null : Find(claimed.Id) ?? claimed.State;

    // A job that the journal does not know is at the service as far as anybody knows.
    private EditState StateOf(EditJob job) => Find(job.EditId) ?? EditState.Queued;

    private EditState? Find(long id)
    {
        try
        {
            return _journal.Find(id).State;
        }
        catch (Exception exception) when (exception is QwenEditException or OperationCanceledException)
        {
            return null;
        }
    }

    // Of a bare request id, the image is not known.
    private static string Name(EditJob job) => job.Source.Length > 0 ? job.Source : job.RequestId;

    private void Release(EditEntry? entry)
    {
        FreedMemory.EditEnded();
        string what = $"The end of the work on {entry?.Source}";
        if (entry is not null && !_writes.TryAppend(entry, what, () => _journal.Release(entry)))
        {
            _log.Note(() => _journal.Release(entry), what);
        }
    }
}
