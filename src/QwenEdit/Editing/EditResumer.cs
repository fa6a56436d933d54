using QwenEdit.Commands.Parameters;
using QwenEdit.Journal;
using QwenEdit.Reconciliation;
using QwenEdit.Runs;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Editing;

/// <summary>Everything that an edit which was met before may still need, short of submitting it.</summary>
internal sealed class EditResumer(SegmindClient client, EditJournal journal, Reconciler reconciler, ResultReceiver receiver)
{
    /// <summary>Does what a step says.</summary>
    /// <param name="entry">The edit, which this session has taken, unless it is done.</param>
    /// <param name="step">What is to be done with it.</param>
    /// <param name="overwrite">Whether a file at the destination may be written over.</param>
    /// <param name="deadline">How long its job is waited for; <see langword="null"/> to ask once.</param>
    /// <param name="cancellationToken">Breaks off; the job goes on.</param>
    internal async Task<EndedEdit> ContinueAsync(EditEntry entry, NextStep step, bool overwrite, Deadline? deadline, CancellationToken cancellationToken)
    {
        EditJob job = EditMapper.Job(entry);
        switch (step)
        {
            case NextStep.Skip:
                return EditMapper.Skipped(entry);
            case NextStep.Confirm:
                return receiver.Confirm(entry);
            case NextStep.Adopt:
                return await AdoptAsync(job, entry, overwrite, deadline, cancellationToken).ConfigureAwait(false);
            case NextStep.DownloadAgain:
                return await receiver
                    .DownloadAsync(job, EditMapper.Report(entry), entry, overwrite, deadline, cancellationToken)
                    .ConfigureAwait(false);
            default:
                return EditMapper.Ended(job, null, EditMapper.Why(entry, step));
        }
    }

    /// <summary>Receives a job's image to another place than its edit's own, of which the journal takes no note.</summary>
    /// <param name="job">The job, with the place.</param>
    /// <param name="entry">Its edit; <see langword="null"/> if the journal has none.</param>
    /// <param name="step">What would be done with the edit.</param>
    /// <param name="overwrite">Whether a file at the place may be written over.</param>
    /// <param name="deadline">How long the job is waited for; <see langword="null"/> to ask once.</param>
    /// <param name="cancellationToken">Breaks off; the job goes on.</param>
    internal async Task<EndedEdit> CopyAsync(
        EditJob job, EditEntry? entry, NextStep step, bool overwrite, Deadline? deadline, CancellationToken cancellationToken)
    {
        if (step == NextStep.DownloadAgain)
        {
            return await receiver.DownloadAsync(job, EditMapper.Report(entry!), null, overwrite, deadline, cancellationToken).ConfigureAwait(false);
        }

        EndedEdit ended = await receiver
            .ReceiveAsync(job, client.Refer(job.RequestId), null, overwrite, deadline, cancellationToken)
            .ConfigureAwait(false);
        return ended.Error?.Error == EditError.RecordExpired && await reconciler.TraceAsync(job.RequestId, cancellationToken).ConfigureAwait(false) is { } report
            ? await receiver.DownloadAsync(job, report, null, overwrite, deadline, cancellationToken).ConfigureAwait(false)
            : ended;
    }

    private async Task<EndedEdit> AdoptAsync(EditJob job, EditEntry entry, bool overwrite, Deadline? deadline, CancellationToken cancellationToken)
    {
        EndedEdit ended = await receiver
            .ReceiveAsync(job, client.Refer(job.RequestId), entry, overwrite, deadline, cancellationToken)
            .ConfigureAwait(false);
        if (ended.Error?.Error != EditError.RecordExpired)
        {
            return ended;
        }

        // The service has forgotten the job; the account's history may still name its output.
        EditEntry settled = await reconciler.ReconcileAsync(journal.Find(entry.Id), cancellationToken).ConfigureAwait(false);
        return settled switch
        {
            { State: EditState.Completed, OutputUrl: not null } =>
                await ContinueAsync(settled, NextStep.DownloadAgain, overwrite, deadline, cancellationToken).ConfigureAwait(false),
            { State: EditState.Failed } =>
                await ContinueAsync(settled, NextStep.ReportFailed, overwrite, deadline, cancellationToken).ConfigureAwait(false),
            _ => ended,
        };
    }
}
