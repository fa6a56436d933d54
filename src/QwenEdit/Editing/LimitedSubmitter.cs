using QwenEdit.Commands.Parameters;
using QwenEdit.Files;
using QwenEdit.Journal;
using QwenEdit.Runs;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Editing;

/// <summary>Submits edits that this session has taken, within what may be spent and what can be received in time, where their images can be written.</summary>
/// <param name="submission">Submits.</param>
/// <param name="receiver">Receives.</param>
/// <param name="sync">Submits and receives in one exchange; <see langword="null"/> where jobs are submitted and watched.</param>
/// <param name="cost">What the run may cost.</param>
/// <param name="jobs">How many jobs may be out; <see langword="null"/> for any number.</param>
/// <param name="temporaries">Names the files with which destinations are tried.</param>
/// <param name="timeout">How long one edit may take, from its turn to its end.</param>
/// <param name="time">The clock.</param>
internal sealed class LimitedSubmitter(
    JobSubmitter submission, ResultReceiver receiver, SyncJobRunner? sync, CostLimit cost, JobLimit? jobs, TemporaryFiles temporaries, TimeSpan timeout, TimeProvider time)
{
    /// <summary>The whole life of an edit.</summary>
    internal Task<EndedEdit> SubmitAndReceiveAsync(PreparedEdit edit, EditEntry entry, CancellationToken cancellationToken)
    {
        DestinationTrial.Run(entry.Destination, edit.Request.Overwrite, temporaries);
        return BuyAsync(edit, entry, cancellationToken);
    }

    /// <summary>Makes a job of an edit, and leaves it; but for one that is to tell the price.</summary>
    internal Task<EditJob> SubmitAndLeaveAsync(PreparedEdit edit, EditEntry entry, CancellationToken cancellationToken)
    {
        DestinationTrial.Run(entry.Destination, edit.Request.Overwrite, temporaries);
        return LeaveAsync(edit, entry, cancellationToken);
    }

    private Task<EndedEdit> BuyAsync(PreparedEdit edit, EditEntry entry, CancellationToken cancellationToken) => cost.SpendAsync(
        entry.Model,
        async () =>
        {
            Deadline deadline = new(time, timeout);
            if (sync is not null)
            {
                return await sync.RunAsync(edit, entry, deadline, cancellationToken).ConfigureAwait(false);
            }

            (EditJob job, JobReference reference) = await submission.SubmitAsync(edit, entry, deadline, cancellationToken).ConfigureAwait(false);
            return await receiver
                .ReceiveAsync(job, reference, AsJob(entry, job), edit.Request.Overwrite, deadline, cancellationToken)
                .ConfigureAwait(false);
        },
        ended => (ended.Result?.Cost, ended.Result?.Status != EditOutcome.Failed),
        cancellationToken);

    private Task<EditJob> LeaveAsync(PreparedEdit edit, EditEntry entry, CancellationToken cancellationToken) => cost.SpendAsync(
        entry.Model,
        async () =>
        {
            Deadline deadline = new(time, timeout);
            (EditJob job, JobReference reference) = await SubmitWithinHourAsync(edit, entry, deadline, cancellationToken).ConfigureAwait(false);
            if (!cost.NeedsPrice(entry.Model))
            {
                return job;
            }

            (JobReport? report, _) = await receiver
                .WatchAsync(job, reference, AsJob(entry, job), deadline, cancellationToken)
                .ConfigureAwait(false);
            return job with { Status = report?.State ?? job.Status, Cost = report?.Cost };
        },
        job => (job.Cost, job.Status != EditState.Failed),
        cancellationToken);

    private async Task<(EditJob Job, JobReference Reference)> SubmitWithinHourAsync(
        PreparedEdit edit, EditEntry entry, Deadline deadline, CancellationToken cancellationToken)
    {
        if (jobs is null)
        {
            return await submission.SubmitAsync(edit, entry, deadline, cancellationToken).ConfigureAwait(false);
        }

        bool isJob = false;
        await jobs.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            (EditJob, JobReference) submitted = await submission.SubmitAsync(edit, entry, deadline, cancellationToken).ConfigureAwait(false);
            isJob = true;
            return submitted;
        }
        finally
        {
            jobs.Leave(isJob);
        }
    }

    private static EditEntry AsJob(EditEntry entry, EditJob job) => entry with { RequestId = job.RequestId, Cost = null };
}
