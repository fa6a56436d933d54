using QwenEdit.Journal;
using QwenEdit.Reconciliation;
using QwenEdit.Runs;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Editing;

/// <summary>
/// Receives jobs: waits for the end of a job, then downloads its image. A row that the journal does not have is received in the same way, and nothing is
/// recorded (see <see cref="EditMapper.Unrecorded"/>).
/// </summary>
internal sealed class ResultReceiver(
    SegmindClient client, JobPoller poller, ResultDownloader downloader, Reconciler reconciler, EditJournal journal, TimeProvider time)
{
    /// <summary>Continues an edit that was submitted before. It is never submitted again.</summary>
    /// <param name="entry">The edit, which this session has claimed, unless it is skipped.</param>
    /// <param name="step">What to do with it.</param>
    /// <param name="overwrite">Whether a file at the destination may be overwritten.</param>
    /// <param name="deadline">The time limit for the end of the job; <see langword="null"/> to ask once.</param>
    /// <param name="cancellationToken">Stops waiting; the job continues.</param>
    internal Task<EndedEdit> ResumeAsync(EditEntry entry, NextStep step, bool overwrite, Deadline? deadline, CancellationToken cancellationToken) => step switch
    {
        NextStep.Skip => Task.FromResult(EditMapper.Skipped(entry)),
        NextStep.Confirm => Task.FromResult(downloader.Confirm(entry)),
        NextStep.Adopt => AdoptAsync(entry, overwrite, deadline, cancellationToken),
        NextStep.DownloadAgain => downloader.DownloadAsync(entry, EditMapper.Report(entry), overwrite, deadline, cancellationToken),
        _ => Task.FromResult(EditMapper.Ended(entry, null, EditMapper.Why(entry, step))),
    };

    /// <summary>Receives the image of a job to another place than its edit's. Nothing is recorded.</summary>
    /// <param name="entry">The edit with that place as its destination, not recorded.</param>
    /// <param name="overwrite">Whether a file at the destination may be overwritten.</param>
    /// <param name="deadline">The time limit for the end of the job; <see langword="null"/> to ask once.</param>
    /// <param name="cancellationToken">Stops waiting; the job continues.</param>
    /// <exception cref="QwenEditException"><see cref="EditError.DestinationExists"/>.</exception>
    internal Task<EndedEdit> CopyAsync(EditEntry entry, bool overwrite, Deadline? deadline, CancellationToken cancellationToken)
    {
        if (!overwrite && File.Exists(entry.Destination))
        {
            throw new QwenEditException(EditError.DestinationExists, $"{entry.Destination} already exists.");
        }

        NextStep step = ResumeDecision.Decide(entry, DestinationState.Nothing, overwrite, Resubmit.None, time.GetUtcNow());
        return ResumeAsync(entry, step == NextStep.DownloadAgain ? step : NextStep.Adopt, overwrite, deadline, cancellationToken);
    }

    /// <summary>Waits for the end of a job and receives it.</summary>
    /// <param name="entry">The edit. If its destination has no extension, the file gets the extension of the image that arrives.</param>
    /// <param name="job">Where to ask.</param>
    /// <param name="overwrite">Whether a file at the destination may be overwritten.</param>
    /// <param name="deadline">The time limit for the end of the job; <see langword="null"/> to ask once.</param>
    /// <param name="cancellationToken">Stops waiting; the job continues.</param>
    internal async Task<EndedEdit> ReceiveAsync(EditEntry entry, JobReference job, bool overwrite, Deadline? deadline, CancellationToken cancellationToken)
    {
        (JobReport? report, QwenEditException? error) = await PollAsync(entry, job, deadline, cancellationToken).ConfigureAwait(false);
        if (error is null)
        {
            // The image's URL is written to the disk while the image is on its way.
            var recorded = Task.Run(() => downloader.RecordCompleted(entry, report!), CancellationToken.None);
            try
            {
                return await downloader.DownloadAsync(entry, report!, overwrite, deadline, cancellationToken, () => recorded).ConfigureAwait(false);
            }
            finally
            {
                await recorded.ConfigureAwait(false);
            }
        }

        if (error.Error == EditError.RecordExpired && entry.OutputUrl is not null)
        {
            // The image lives longer than the job's record. It was not tried first because of the clock, which may be wrong.
            EndedEdit ended = await downloader.DownloadAsync(entry, EditMapper.Report(entry), overwrite, deadline, cancellationToken).ConfigureAwait(false);
            if (ended.Error?.Error != EditError.OutputInvalid)
            {
                return ended;
            }

            downloader.Record(entry, () => journal.Expired(entry, error.Message));
        }

        return EditMapper.Ended(entry, report, error);
    }

    /// <summary>Waits for the end of a job, as <see cref="ReceiveAsync"/> does, and leaves its image at the service.</summary>
    /// <returns>The service's last report, if there is one.</returns>
    internal async Task<JobReport?> WaitAsync(EditEntry entry, JobReference job, Deadline deadline, CancellationToken cancellationToken)
    {
        (JobReport? report, QwenEditException? error) = await PollAsync(entry, job, deadline, cancellationToken).ConfigureAwait(false);
        if (error is null)
        {
            downloader.RecordCompleted(entry, report!);
        }

        return report;
    }

    private async Task<EndedEdit> AdoptAsync(EditEntry entry, bool overwrite, Deadline? deadline, CancellationToken cancellationToken)
    {
        EndedEdit ended = await ReceiveAsync(entry, client.Refer(entry.RequestId!), overwrite, deadline, cancellationToken).ConfigureAwait(false);
        if (ended.Error?.Error != EditError.RecordExpired)
        {
            return ended;
        }

        // The service no longer has the job. The account's request history may still have its image.
        if (entry.Id == 0)
        {
            return await reconciler.TraceAsync(entry.RequestId!, cancellationToken).ConfigureAwait(false) is { } report
                ? await downloader.DownloadAsync(entry, report, overwrite, deadline, cancellationToken).ConfigureAwait(false)
                : ended;
        }

        EditEntry found = await reconciler.ReconcileAsync(journal.Find(entry.Id), cancellationToken).ConfigureAwait(false);
        return found switch
        {
            { State: EditState.Completed, OutputUrl: not null } =>
                await downloader.DownloadAsync(found, EditMapper.Report(found), overwrite, deadline, cancellationToken).ConfigureAwait(false),
            { State: EditState.Failed } => EditMapper.Ended(found, null, EditMapper.Why(found, NextStep.ReportFailed)),
            _ => ended,
        };
    }

    // The end of a job with an image is not recorded here.
    private async Task<(JobReport? Report, QwenEditException? Error)> PollAsync(
        EditEntry entry, JobReference job, Deadline? deadline, CancellationToken cancellationToken)
    {
        JobReport report;
        try
        {
            report = await (deadline is not null
                ? poller.UntilEndedAsync(entry, job, deadline, cancellationToken)
                : poller.OnceAsync(entry, job, cancellationToken)).ConfigureAwait(false);
        }
        catch (QwenEditException exception)
        {
            // An image with a known URL is not lost yet.
            if (exception.Error == EditError.RecordExpired && entry.OutputUrl is null)
            {
                downloader.Record(entry, () => journal.Expired(entry, exception.Message));
            }

            return (null, exception);
        }

        switch (report.State)
        {
            case EditState.Completed:
                return (report, null);
            case EditState.Failed:
                QwenEditException failed = new(EditError.JobFailed, $"The edit failed at the service and is not billed: {report.Error}");
                DateTimeOffset now = time.GetUtcNow();
                downloader.Record(entry, () => journal.Failed(entry, now, failed.Message));
                return (report, failed);
            default:
                return (report, new QwenEditException(EditError.JobNotFinished, $"Request {entry.RequestId} is {report.StateName}."));
        }
    }
}
