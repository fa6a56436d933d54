using QwenEdit.Diagnostics;
using QwenEdit.Files;
using QwenEdit.Journal;
using QwenEdit.Runs;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Editing;

/// <summary>The edits of one call. It shows the way of an edit: claim and decide, submit, poll, receive.</summary>
internal sealed class EditSession : IDisposable
{
    private readonly EditSettings _settings;
    private readonly TimeProvider _time;
    private readonly SessionServices _services;

    /// <summary>Opens the journal. Sends nothing.</summary>
    /// <exception cref="QwenEditException">The journal's own errors.</exception>
    internal EditSession(SegmindConnection connection, EditSettings settings, TimeProvider time, IEditLog log)
    {
        _settings = settings;
        _time = time;
        _services = new SessionServices(connection, settings, Breaker, time, log);
        Jobs = new SubmittedJobs(_services, connection.Endpoint.Root, settings.Timeout, time, log);
    }

    /// <summary>Stops submitting.</summary>
    internal SubmissionBreaker Breaker { get; } = new();

    /// <summary>The jobs that were submitted before.</summary>
    internal SubmittedJobs Jobs { get; }

    /// <summary>Runs an edit to its end: submits it if it has no job, polls the job and receives its image.</summary>
    /// <param name="edit">The edit.</param>
    /// <param name="ready">Awaited first; <see langword="null"/> for nothing.</param>
    /// <param name="cancellationToken">Stops; a job that was submitted continues.</param>
    internal Task<EndedEdit> EditAsync(PreparedEdit edit, Func<CancellationToken, Task>? ready, CancellationToken cancellationToken)
    {
        Claim claim = _services.Claims.Begin();
        return _services.Run.CountAsync(edit.Request.Source, edit.Request.Model, async () =>
        {
            try
            {
                (edit, EditEntry entry, NextStep step) = await ClaimAsync(claim, edit, ready, cancellationToken).ConfigureAwait(false);
                return step == NextStep.Submit
                    ? await SubmitAndReceiveAsync(edit, entry, cancellationToken).ConfigureAwait(false)
                    : (await _services.Receiver.ResumeAsync(entry, step, edit.Request.Overwrite, NewDeadline(), cancellationToken).ConfigureAwait(false)).AsResumed();
            }
            catch (QwenEditException exception)
            {
                return EditMapper.NotSubmitted(edit.Request, NotSubmitted(edit, exception));
            }
            finally
            {
                claim.Release();
            }
        }, () => claim.State);
    }

    /// <inheritdoc cref="EditAsync(PreparedEdit, Func{CancellationToken, Task}, CancellationToken)"/>
    internal Task<EndedEdit> EditAsync(PreparedEdit edit, CancellationToken cancellationToken) => EditAsync(edit, null, cancellationToken);

    /// <summary>Submits an edit and leaves its job at the service. An edit that has a job is left as it is.</summary>
    /// <param name="edit">The edit.</param>
    /// <param name="ready">Awaited first; <see langword="null"/> for nothing.</param>
    /// <param name="cancellationToken">Stops; a job that was submitted continues.</param>
    /// <exception cref="QwenEditException">
    /// There is no job; except for <see cref="EditError.OutcomeUnknown"/>, where this is unknown.
    /// </exception>
    internal Task<EditJob> SubmitAsync(PreparedEdit edit, Func<CancellationToken, Task>? ready, CancellationToken cancellationToken)
    {
        Claim claim = _services.Claims.Begin();
        return _services.Run.CountAsync(edit.Request.Source, edit.Request.Model, async () =>
        {
            try
            {
                (edit, EditEntry entry, NextStep step) = await ClaimAsync(claim, edit, ready, cancellationToken).ConfigureAwait(false);
                return step switch
                {
                    NextStep.Submit => await SubmitAndLeaveAsync(edit, entry, cancellationToken).ConfigureAwait(false),
                    NextStep.ReportUnknown or NextStep.ReportExpired or NextStep.ReportFailed => throw EditMapper.Why(entry, step),
                    _ => EditMapper.Job(entry),
                };
            }
            catch (QwenEditException exception)
            {
                throw NotSubmitted(edit, exception);
            }
            finally
            {
                claim.Release();
            }
        }, () => claim.State);
    }

    /// <inheritdoc cref="SubmitAsync(PreparedEdit, Func{CancellationToken, Task}, CancellationToken)"/>
    internal Task<EditJob> SubmitAsync(PreparedEdit edit, CancellationToken cancellationToken) => SubmitAsync(edit, null, cancellationToken);

    /// <summary>Gets the account's balance, in credits.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.CreditNotFound"/>, or the request failed.</exception>
    internal Task<(decimal Credits, decimal? Free)> GetCreditsAsync(CancellationToken cancellationToken) =>
        _services.Clients.Client.GetCreditsAsync(NewDeadline(), cancellationToken);

    /// <summary>Retries, when all edits have ended, the writes to the journal that failed before.</summary>
    /// <returns><see cref="EditError.JournalIncomplete"/> for what still can't be written; <see langword="null"/> if everything is recorded.</returns>
    internal QwenEditException? EndWrites() => _services.Writes.End();

    /// <summary>Records the end of the run.</summary>
    internal void End(EditRun run) => _services.Run.End(run);

    /// <inheritdoc/>
    public void Dispose()
    {
        _services.Dispose();
        Breaker.Dispose();
    }

    private Deadline NewDeadline() => new(_time, _settings.Timeout);

    private async Task<(PreparedEdit Edit, EditEntry Entry, NextStep Step)> ClaimAsync(
        Claim claim, PreparedEdit edit, Func<CancellationToken, Task>? ready, CancellationToken cancellationToken)
    {
        await (ready?.Invoke(cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        edit = _services.Hasher.WithHash(edit, cancellationToken);
        (EditEntry entry, NextStep step) = await _services.Claims.ClaimAsync(edit, claim, cancellationToken).ConfigureAwait(false);
        if (step == NextStep.Submit)
        {
            // Before anything is paid for.
            DestinationTrial.Run(entry.Destination, edit.Request.Overwrite, _services.Temporaries);
        }

        return (edit, entry, step);
    }

    private Task<EndedEdit> SubmitAndReceiveAsync(PreparedEdit edit, EditEntry entry, CancellationToken cancellationToken) => _services.Cost.SpendAsync(
        entry.Model,
        async () =>
        {
            Deadline deadline = NewDeadline();
            if (_services.Sync is { } sync)
            {
                return await sync.RunAsync(edit, entry, deadline, cancellationToken).ConfigureAwait(false);
            }

            (EditEntry submitted, JobReference job) = await _services.Submitter.SubmitAsync(edit, entry, deadline, cancellationToken).ConfigureAwait(false);
            return await _services.Receiver.ReceiveAsync(submitted, job, edit.Request.Overwrite, deadline, cancellationToken).ConfigureAwait(false);
        },
        ended => (ended.Result?.Cost, ended.Result?.Status != EditOutcome.Failed),
        cancellationToken);

    private Task<EditJob> SubmitAndLeaveAsync(PreparedEdit edit, EditEntry entry, CancellationToken cancellationToken) => _services.Cost.SpendAsync(
        entry.Model,
        async () =>
        {
            Deadline deadline = NewDeadline();
            Task<(EditEntry Entry, JobReference Job)> Submit() => _services.Submitter.SubmitAsync(edit, entry, deadline, cancellationToken);
            (EditEntry submitted, JobReference reference) = await (_services.Jobs is { } jobs ? jobs.SubmitAsync(Submit, cancellationToken) : Submit()).ConfigureAwait(false);
            EditJob job = EditMapper.Job(submitted);
            if (!_services.Cost.NeedsPrice(entry.Model))
            {
                return job;
            }

            JobReport? report = await _services.Receiver.WaitAsync(submitted, reference, deadline, cancellationToken).ConfigureAwait(false);
            return job with { Status = report?.State ?? job.Status, Cost = report?.Cost };
        },
        job => (job.Cost, job.Status != EditState.Failed),
        cancellationToken);

    private QwenEditException NotSubmitted(PreparedEdit edit, QwenEditException exception)
    {
        if (exception.Error == EditError.ImageChanged)
        {
            _services.Writes.TryOnce(() => _services.Hasher.Forget(edit.Image!), $"The change of {edit.Request.Source}");
        }

        return Breaker.Observe(exception);
    }
}
