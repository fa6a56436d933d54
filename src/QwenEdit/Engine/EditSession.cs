using QwenEdit.Journal;
using QwenEdit.Segmind;

namespace QwenEdit.Engine;

/// <summary>What the edits of one call share: the connection, the journal, the brake. And the ways an edit's life can go.</summary>
internal sealed class EditSession : IDisposable
{
    private readonly EditSettings _settings;
    private readonly TimeProvider _time;
    private readonly IEditLog _log;
    private readonly JournalStore _store;
    private readonly Session _presence;
    private readonly EditJournal _journal;
    private readonly EditDesk _desk;
    private readonly SegmindClient _client;
    private readonly HistoryClient? _history;
    private readonly Settler _settler;
    private readonly OutputDownload _download;
    private readonly Watch _watch;
    private readonly Submission _submission;
    private readonly Receipt _receipt;
    private readonly Uri _endpoint;

    /// <summary>Opens the journal, and makes ready to connect.</summary>
    /// <exception cref="QwenEditException">The journal's own errors; nothing was sent.</exception>
    internal EditSession(SegmindConnection connection, EditSettings settings, TimeProvider time, IEditLog log)
    {
        _settings = settings;
        _time = time;
        _log = log;
        _endpoint = connection.Endpoint.Root;
        _store = JournalStore.Open(settings.JournalPath);
        _presence = new Session(_store, time);
        string account = AccountMark.Of(connection.ApiKey);
        _journal = new EditJournal(_store, _presence) { Account = account };
        _history = connection.History is null ? null : new HistoryClient(connection, KeptImage.Of, time, log);
        AccountBook book = new(_store, _presence, _endpoint.AbsoluteUri, account);
        _settler = new Settler(_history, _journal, book, settings.SettlingTime, time, log);
        _desk = new EditDesk(_journal, new EditIdentity(new ImageHashes(_store)), _settler, _endpoint, settings.Resubmit, time);
        _client = new SegmindClient(connection, time, log);
        _download = new OutputDownload(connection, time, log);
        _watch = new Watch(_client, settings, time, log);
        _submission = new Submission(_client, _journal, Brake, _endpoint, time, log);
        _receipt = new Receipt(_download, _watch, _journal, time, log);
    }

    /// <summary>Whether submitting has been stopped.</summary>
    internal SubmissionBrake Brake { get; } = new();

    /// <summary>An edit's whole life, or what is left of it: submits it if need be, watches it, receives it.</summary>
    internal async Task<EndedEdit> EditAsync(PreparedEdit edit, CancellationToken cancellationToken)
    {
        Deadline deadline = new(_time, _settings.Timeout);
        EditEntry? taken = null;
        try
        {
            (EditEntry entry, Step step) = await _desk.TakeAsync(edit, cancellationToken).ConfigureAwait(false);
            taken = step == Step.Skip ? null : entry;
            if (step != Step.Submit)
            {
                return await ContinueAsync(entry, step, edit.Request.Overwrite, deadline, cancellationToken).ConfigureAwait(false);
            }

            (EditJob job, JobReference reference) = await _submission.SubmitAsync(edit, entry, deadline, cancellationToken).ConfigureAwait(false);
            return await _receipt
                .ReceiveAsync(job, reference, entry with { RequestId = job.RequestId }, edit.Request.Overwrite, deadline, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (QwenEditException exception)
        {
            return Outcomes.NotSubmitted(edit.Request, exception);
        }
        finally
        {
            Release(taken);
        }
    }

    /// <summary>Submits an edit and leaves it; one that is a job already is left as it is.</summary>
    /// <exception cref="QwenEditException">
    /// There is no job; except for <see cref="EditError.OutcomeUnknown"/>, where it can't be known.
    /// </exception>
    internal async Task<EditJob> SubmitAsync(PreparedEdit edit, CancellationToken cancellationToken)
    {
        EditEntry? taken = null;
        try
        {
            (EditEntry entry, Step step) = await _desk.TakeAsync(edit, cancellationToken).ConfigureAwait(false);
            taken = step == Step.Skip ? null : entry;
            return step switch
            {
                Step.Submit => (await _submission
                    .SubmitAsync(edit, entry, new Deadline(_time, _settings.Timeout), cancellationToken)
                    .ConfigureAwait(false)).Job,
                Step.ReportUnknown or Step.ReportExpired or Step.ReportFailed => throw Outcomes.Why(entry, step),
                _ => Outcomes.Job(entry),
            };
        }
        finally
        {
            Release(taken);
        }
    }

    /// <summary>Asks for a job's state once, or with <paramref name="wait"/> until it has ended.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.TimedOut"/>, or the question got no answer.</exception>
    internal async Task<EditStatus> GetStatusAsync(EditJob job, bool wait, CancellationToken cancellationToken)
    {
        JobReference reference = _client.Refer(job.RequestId);
        EditJob known = Known(job, out _);
        JobReport report;
        try
        {
            report = wait
                ? await _watch.UntilEndedAsync(reference, new Deadline(_time, _settings.Timeout), cancellationToken).ConfigureAwait(false)
                : await _watch.OnceAsync(reference, cancellationToken).ConfigureAwait(false);
        }
        catch (QwenEditException exception) when (exception.Error == EditError.RecordExpired)
        {
            report = new JobReport { State = EditState.Expired, Error = exception.Message };
        }

        return Outcomes.Status(known, report, _time.GetUtcNow());
    }

    /// <summary>Receives a job's output; with <paramref name="wait"/> once it has ended.</summary>
    internal async Task<EndedEdit> ReceiveAsync(EditJob job, bool overwrite, bool wait, CancellationToken cancellationToken)
    {
        Deadline? deadline = wait ? new Deadline(_time, _settings.Timeout) : null;
        EditJob known = Known(job, out EditEntry? entry);
        EditEntry? taken = null;
        try
        {
            if (entry is null || known.Destination != entry.Destination)
            {
                return await _receipt
                    .ReceiveAsync(known, _client.Refer(job.RequestId), null, overwrite, deadline, cancellationToken)
                    .ConfigureAwait(false);
            }

            (taken, Step step) = await _desk.TakeAsync(entry, known.Destination, overwrite, cancellationToken).ConfigureAwait(false);
            return await ContinueAsync(taken, step, overwrite, deadline, cancellationToken).ConfigureAwait(false);
        }
        catch (QwenEditException exception)
        {
            return Outcomes.Ended(known, null, exception);
        }
        finally
        {
            Release(taken);
        }
    }

    /// <summary>The edits of the journal that have jobs to receive or outcomes to settle, those that expire first at the head.</summary>
    internal IReadOnlyList<EditJob> Unfinished() =>
        [.. _journal.Unfinished().Where(entry => entry.Endpoint == _endpoint.AbsoluteUri).Select(Outcomes.Job)];

    /// <summary>Goes on with an edit of the journal, without ever submitting it.</summary>
    internal async Task<EndedEdit> ResumeAsync(EditJob job, bool overwrite, CancellationToken cancellationToken)
    {
        EditEntry? taken = null;
        try
        {
            EditEntry entry = _journal.Find(job.EditId);
            (taken, Step step) = await _desk.TakeAsync(entry, entry.Destination, overwrite, cancellationToken).ConfigureAwait(false);
            return await ContinueAsync(taken, step, overwrite, new Deadline(_time, _settings.Timeout), cancellationToken).ConfigureAwait(false);
        }
        catch (QwenEditException exception)
        {
            return Outcomes.Ended(job, null, exception);
        }
        finally
        {
            Release(taken);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _history?.Dispose();
        _download.Dispose();
        _presence.Dispose();
        _store.Dispose();
    }

    // Everything that an edit which was met before may still need, short of submitting it.
    private async Task<EndedEdit> ContinueAsync(EditEntry entry, Step step, bool overwrite, Deadline? deadline, CancellationToken cancellationToken)
    {
        EditJob job = Outcomes.Job(entry);
        switch (step)
        {
            case Step.Skip:
                return Outcomes.Skipped(entry);
            case Step.Adopt:
                return await AdoptAsync(job, entry, overwrite, deadline, cancellationToken).ConfigureAwait(false);
            case Step.DownloadAgain:
                return (await _receipt
                    .DownloadAsync(job, Outcomes.Report(entry), entry, overwrite, cancellationToken)
                    .ConfigureAwait(false)).AsResumed();
            default:
                return Outcomes.Ended(job, null, Outcomes.Why(entry, step));
        }
    }

    private async Task<EndedEdit> AdoptAsync(EditJob job, EditEntry entry, bool overwrite, Deadline? deadline, CancellationToken cancellationToken)
    {
        EndedEdit ended = await _receipt
            .ReceiveAsync(job, _client.Refer(job.RequestId), entry, overwrite, deadline, cancellationToken)
            .ConfigureAwait(false);
        if (ended.Error?.Error != EditError.RecordExpired)
        {
            return ended.AsResumed();
        }

        // The service has forgotten the job; the account's history may still name its output.
        EditEntry settled = await _settler.SettleAsync(_journal.Find(entry.Id), cancellationToken).ConfigureAwait(false);
        return settled switch
        {
            { State: EditState.Completed, OutputUrl: not null } =>
                await ContinueAsync(settled, Step.DownloadAgain, overwrite, deadline, cancellationToken).ConfigureAwait(false),
            { State: EditState.Failed } =>
                await ContinueAsync(settled, Step.ReportFailed, overwrite, deadline, cancellationToken).ConfigureAwait(false),
            _ => ended,
        };
    }

    // What the journal knows of a job, with the destination that the user named, if one was named.
    private EditJob Known(EditJob job, out EditEntry? entry)
    {
        entry = _journal.FindByRequest(job.RequestId);
        return entry is null ? job : Outcomes.Job(entry) with { Destination = job.Destination.Length > 0 ? job.Destination : entry.Destination };
    }

    private void Release(EditEntry? entry)
    {
        if (entry is not null)
        {
            _log.Note(() => _journal.Release(entry), $"The end of the work on {entry.Source}");
        }
    }
}
