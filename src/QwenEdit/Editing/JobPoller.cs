using QwenEdit.Commands.Parameters;
using QwenEdit.Compatibility;
using QwenEdit.Diagnostics;
using QwenEdit.Editing.Polling;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Editing;

/// <summary>Asks for a job until it has ended.</summary>
internal sealed class JobPoller(SegmindClient client, Latencies latencies, EditSettings settings, TimeProvider time, IEditLog log)
{
    /// <summary>How long before the service forgets a job it is asked for once more.</summary>
    private static readonly TimeSpan BeforeExpiry = TimeSpan.FromSeconds(1);

    /// <summary>How long after its acceptance a job may not show at the service yet, so that a 404 does not mean that its record expired.</summary>
    private static readonly TimeSpan Appearing = TimeSpan.FromSeconds(60);

    private volatile bool _hasResultsOfRunning = true;

    /// <summary>Waits for a job's end.</summary>
    /// <param name="job">The job.</param>
    /// <param name="reference">Where to ask.</param>
    /// <param name="deadline">How long to wait.</param>
    /// <param name="cancellationToken">Gives up waiting; the job goes on.</param>
    /// <returns>All that the service has of the job, which is completed or failed.</returns>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.TimedOut"/>, <see cref="EditError.RecordExpired"/>, or an answer that no further poll would change, such as a
    /// refused key.
    /// </exception>
    internal async Task<JobReport> UntilEndedAsync(EditJob job, JobReference reference, Deadline deadline, CancellationToken cancellationToken)
    {
        PollSchedule schedule = new(latencies, job.Model, job.SubmittedAt is not null, settings.PollInterval);
        QwenEditException? trouble = null;
        bool hasWarned = false;
        string state = string.Empty;
        TimeSpan begun = deadline.Left;
        TimeSpan ageThen = job.SubmittedAt < time.GetUtcNow() ? time.GetUtcNow() - job.SubmittedAt.Value : TimeSpan.Zero;
        TimeSpan Age() => ageThen + (begun - deadline.Left);
        while (true)
        {
            // The rate limit has no turn before the deadline: a poll until then would be refused without being sent.
            TimeSpan pause = trouble?.Error == EditError.RateLimited ? deadline.Left : schedule.Next(Age().TotalSeconds, Numbers.Chance());
            if (deadline.Left < TimeSpan.Zero)
            {
                throw new QwenEditException(
                    EditError.TimedOut,
                    $"Request {job.RequestId} had not ended after {deadline.Span.TotalSeconds:0} s{(trouble is null ? "." : ": " + trouble.Message)}",
                    trouble);
            }

            await time.Pause(Bound(pause, Age(), deadline.Left), cancellationToken).ConfigureAwait(false);
            TimeSpan asked = Age();
            bool isLikely = schedule.IsLikely;
            try
            {
                JobReport report = isLikely && _hasResultsOfRunning
                    ? await ResultAsync(reference, deadline, cancellationToken).ConfigureAwait(false)
                    : await OnceAsync(reference, deadline, cancellationToken).ConfigureAwait(false);
                trouble = null;
                if (report.StateName != state)
                {
                    state = report.StateName;
                    TimeSpan waited = deadline.Span - deadline.Left;
                    log.Verbose(
                        $"Request {job.RequestId} is {state} after {waited.TotalSeconds:0.0} s.",
                        new EditEvent("edit.state") { RequestId = job.RequestId, Status = state, Seconds = waited.TotalSeconds });
                }

                switch (report.State)
                {
                    case EditState.Completed:
                        schedule.HasEnded(report, Age().TotalSeconds);
                        return report;
                    case EditState.Failed:
                        return report;
                    default:
                        schedule.IsRunning(report.State, asked.TotalSeconds);
                        break;
                }
            }
            catch (QwenEditException exception) when (exception.Error == EditError.RecordExpired && job.SubmittedAt is not null && asked < Appearing)
            {
                schedule.IsUnanswered();
                trouble = exception;
                log.Verbose($"Request {job.RequestId} does not show at the service yet, {asked.TotalSeconds:0.0} s after its acceptance.");
            }
            catch (QwenEditException exception) when (MayPass(exception.Error))
            {
                schedule.IsUnanswered();
                trouble = exception;
                Action<string, EditEvent?> tell = hasWarned ? log.Verbose : log.Warning;
                hasWarned = true;
                tell($"Request {job.RequestId} is still watched, though asking for it failed: {exception.Message}", new EditEvent("edit.unanswered")
                {
                    RequestId = job.RequestId,
                    Error = exception.Error,
                });
            }
        }
    }

    /// <summary>Asks once: the state, and if the job has ended, all there is of it.</summary>
    /// <param name="job">The job. One that was accepted less than a minute ago and does not show yet is running.</param>
    /// <param name="reference">Where to ask.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    internal async Task<JobReport> OnceAsync(EditJob job, JobReference reference, CancellationToken cancellationToken)
    {
        try
        {
            return await OnceAsync(reference, new Deadline(time, settings.Timeout), cancellationToken).ConfigureAwait(false);
        }
        catch (QwenEditException exception) when (exception.Error == EditError.RecordExpired && time.GetUtcNow() - job.SubmittedAt < Appearing)
        {
            return new JobReport { State = EditState.Processing, StateName = "PROCESSING" };
        }
    }

    // Of a job that has probably ended, the result itself is asked for, which spares a request. A service that has none of a running job shows
    // itself by what it says of the state, and is not asked so again.
    private async Task<JobReport> ResultAsync(JobReference job, Deadline deadline, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetResultAsync(job, deadline, cancellationToken).ConfigureAwait(false);
        }
        catch (QwenEditException exception) when (exception.Error is EditError.RecordExpired or EditError.UnexpectedAnswer)
        {
            JobReport report = await OnceAsync(job, deadline, cancellationToken).ConfigureAwait(false);
            _hasResultsOfRunning &= report.State is EditState.Completed or EditState.Failed;
            return report;
        }
    }

    private async Task<JobReport> OnceAsync(JobReference job, Deadline deadline, CancellationToken cancellationToken)
    {
        JobReport report;
        try
        {
            report = await client.GetStatusAsync(job, deadline, cancellationToken).ConfigureAwait(false);
        }
        catch (QwenEditException exception) when (exception.Error == EditError.RecordExpired)
        {
            // A paid edit is not given up for one 404: the other URL must say the same.
            return await client.GetResultAsync(job, deadline, cancellationToken).ConfigureAwait(false);
        }

        return report.State == EditState.Completed
            ? await client.GetResultAsync(job, deadline, cancellationToken).ConfigureAwait(false)
            : report;
    }

    // The last poll falls on the deadline itself, and one just before the service forgets the job.
    private static TimeSpan Bound(TimeSpan pause, TimeSpan age, TimeSpan left)
    {
        TimeSpan remembered = ServiceRetention.JobRecord - BeforeExpiry - age;
        TimeSpan bound = remembered > TimeSpan.Zero && remembered < pause ? remembered : pause;
        return bound < left ? bound : left + TimeSpan.FromMilliseconds(1);
    }

    private static bool MayPass(EditError error) =>
        error is EditError.ConnectionFailed or EditError.ServiceUnavailable or EditError.RateLimited or EditError.UnexpectedAnswer;
}
