using QwenEdit.Diagnostics;
using QwenEdit.Journal;
using QwenEdit.Runs;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Editing;

/// <summary>The jobs that were submitted before, by this call or by others: asks for their status, receives and resumes them. Submits nothing.</summary>
internal sealed class SubmittedJobs(SessionServices services, Uri endpoint, TimeSpan timeout, TimeProvider time, IEditLog log)
{
    /// <summary>The edits of the journal that have jobs to receive or an unknown outcome. Those that expire first come first.</summary>
    internal IReadOnlyList<EditJob> Unfinished() =>
        [.. services.Journal.Unfinished().Where(entry => entry.Endpoint == endpoint.AbsoluteUri).Select(EditMapper.Job)];

    /// <summary>Asks for the status of a job once, or with <paramref name="wait"/> until it has ended. Records nothing.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.TimedOut"/>, or the request failed.</exception>
    internal async Task<EditStatus> GetStatusAsync(EditJob job, bool wait, CancellationToken cancellationToken)
    {
        EditEntry entry = Find(job);
        if (job.RequestId.Length == 0)
        {
            // There is no job to ask for, or it is unknown. Only the journal can tell.
            return EditMapper.Status(entry, new JobReport { State = entry.State, Error = entry.Error }, time.GetUtcNow());
        }

        JobReference reference = services.Clients.Client.Refer(entry.RequestId!);
        JobReport report;
        try
        {
            report = await (wait
                ? services.Poller.UntilEndedAsync(entry, reference, NewDeadline(), cancellationToken)
                : services.Poller.OnceAsync(entry, reference, cancellationToken)).ConfigureAwait(false);
        }
        catch (QwenEditException exception) when (exception.Error == EditError.RecordExpired)
        {
            report = new JobReport { State = EditState.Expired, Error = exception.Message };
        }

        return EditMapper.Status(entry, report, time.GetUtcNow());
    }

    /// <summary>Receives the image of a job; with <paramref name="wait"/> when the job has ended.</summary>
    internal Task<EndedEdit> ReceiveAsync(EditJob job, bool overwrite, bool wait, CancellationToken cancellationToken) => services.Run.CountAsync(Name(job), job.Model, async () =>
    {
        EditEntry entry = EditMapper.Unrecorded(job);
        Claim claim = services.Claims.Begin();
        Deadline? deadline = wait ? NewDeadline() : null;
        try
        {
            entry = Find(job);
            if (entry.Id == 0)
            {
                return await services.Receiver.CopyAsync(entry, overwrite, deadline, cancellationToken).ConfigureAwait(false);
            }

            (entry, NextStep step) = await services.Claims.ClaimAsync(entry, claim, overwrite, cancellationToken).ConfigureAwait(false);
            return await services.Receiver.ResumeAsync(entry, step, overwrite, deadline, cancellationToken).ConfigureAwait(false);
        }
        catch (QwenEditException exception)
        {
            return EditMapper.Ended(entry, null, exception);
        }
        finally
        {
            claim.Release();
        }
    }, () => StateOf(job));

    /// <summary>Continues an edit of the journal. It is never submitted again.</summary>
    /// <param name="job">The edit.</param>
    /// <param name="overwrite">Whether a file at its destination may be overwritten.</param>
    /// <param name="elsewhere">Where its image goes if it can't go to its destination; <see langword="null"/> for nowhere.</param>
    /// <param name="cancellationToken">Stops; the job continues.</param>
    internal Task<EndedEdit> ResumeAsync(EditJob job, bool overwrite, string? elsewhere, CancellationToken cancellationToken) => services.Run.CountAsync(Name(job), job.Model, async () =>
    {
        EndedEdit ended = await ResumeOnceAsync(job, overwrite, cancellationToken).ConfigureAwait(false);
        if (elsewhere is null || ended.Error?.Error is not (EditError.DestinationExists or EditError.DestinationUnwritable))
        {
            return ended;
        }

        log.Verbose($"The image of {job.Source} goes to {elsewhere}, because it can't go to its destination: {ended.Error.Message}");
        return await ResumeOnceAsync(job with { Destination = elsewhere }, overwrite, cancellationToken, elsewhere).ConfigureAwait(false);
    }, () => StateOf(job));

    /// <inheritdoc cref="ResumeAsync(EditJob, bool, string, CancellationToken)"/>
    internal Task<EndedEdit> ResumeAsync(EditJob job, bool overwrite, CancellationToken cancellationToken) => ResumeAsync(job, overwrite, null, cancellationToken);

    private Deadline NewDeadline() => new(time, timeout);

    private async Task<EndedEdit> ResumeOnceAsync(EditJob job, bool overwrite, CancellationToken cancellationToken, string? destination = null)
    {
        Claim claim = services.Claims.Begin();
        try
        {
            if (destination is not null)
            {
                services.Journal.Move(job.EditId, destination);
            }

            EditEntry known = services.Journal.Find(job.EditId);
            (EditEntry entry, NextStep step) = await services.Claims.ClaimAsync(known, claim, overwrite, cancellationToken).ConfigureAwait(false);
            return (await services.Receiver.ResumeAsync(entry, step, overwrite, NewDeadline(), cancellationToken).ConfigureAwait(false)).AsResumed();
        }
        catch (QwenEditException exception)
        {
            return EditMapper.Ended(EditMapper.Unrecorded(job), null, exception);
        }
        finally
        {
            claim.Release();
        }
    }

    // Returns the journal's row of a job; or a row that is not recorded, if the journal does not have the job or its image is to go to another place.
    private EditEntry Find(EditJob job)
    {
        EditEntry? entry = job.RequestId.Length > 0 ? services.Journal.FindByRequest(job.RequestId) : services.Journal.Find(job.EditId);
        bool isElsewhere = job.RequestId.Length > 0 && job.Destination.Length > 0 && job.Destination != entry?.Destination;
        return entry is null ? EditMapper.Unrecorded(job)
            : isElsewhere ? entry with { Id = 0, Destination = job.Destination }
            : entry;
    }

    // A job that the journal does not have is at the service, as far as is known.
    private EditState StateOf(EditJob job) => services.Claims.StateOf(job.EditId) ?? EditState.Queued;

    // Of a bare request id, the image is not known.
    private static string Name(EditJob job) => job.Source.Length > 0 ? job.Source : job.RequestId;
}
