using QwenEdit.Diagnostics;
using QwenEdit.Editing.Polling;
using QwenEdit.Journal;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Editing;

/// <summary>Polls a job until it has ended.</summary>
internal sealed class JobPoller(SegmindClient client, Latencies latencies, EditSettings settings, TimeProvider time, IEditLog log)
{
    /// <summary>How long before the end of the job's record the job is polled once more.</summary>
    private static readonly TimeSpan BeforeExpiry = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long after its acceptance, or after a response that was the end of the job, the service may not know a job yet. A 404 in this time does not
    /// mean that the record has expired.
    /// </summary>
    private static readonly TimeSpan Appearing = TimeSpan.FromSeconds(60);

    private volatile bool _hasResultsOfRunning = true;

    /// <summary>Waits for a job's end.</summary>
    /// <param name="entry">The edit whose job it is.</param>
    /// <param name="job">Where to ask.</param>
    /// <param name="deadline">The time limit.</param>
    /// <param name="cancellationToken">Stops waiting; the job continues.</param>
    /// <returns>The service's report of the job, which is completed or failed.</returns>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.TimedOut"/>, <see cref="EditError.RecordExpired"/>, or an answer that no further poll would change, such as a
    /// refused key.
    /// </exception>
    internal async Task<JobReport> UntilEndedAsync(EditEntry entry, JobReference job, Deadline deadline, CancellationToken cancellationToken)
    {
        PollSchedule schedule = new(latencies, entry.Model, entry.Submitted is not null, settings.PollInterval);
        QwenEditException? trouble = null;
        bool hasWarned = false;
        string state = string.Empty;
        TimeSpan begun = deadline.Left;
        TimeSpan ageThen = entry.Submitted < time.GetUtcNow() ? time.GetUtcNow() - entry.Submitted.Value : TimeSpan.Zero;
        TimeSpan ageAtEnd = (entry.Ended - entry.Submitted) ?? TimeSpan.Zero;
        TimeSpan Age() => ageThen + (begun - deadline.Left);
        while (true)
        {
            // The rate limit allows no request before the deadline. A poll until then would be refused without being sent.
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
                    ? await ResultAsync(job, deadline, cancellationToken).ConfigureAwait(false)
                    : await OnceAsync(job, deadline, cancellationToken).ConfigureAwait(false);
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
            catch (QwenEditException exception) when (exception.Error == EditError.RecordExpired && entry.Submitted is not null && asked - ageAtEnd < Appearing)
            {
                schedule.IsUnanswered();
                trouble = exception;
                log.Verbose($"Request {job.RequestId} is not known to the service yet, {asked.TotalSeconds:0.0} s after it was accepted.");
            }
            catch (QwenEditException exception) when (MayPass(exception.Error))
            {
                schedule.IsUnanswered();
                trouble = exception;
                Action<string, EditEvent?> tell = hasWarned ? log.Verbose : log.Warning;
                hasWarned = true;
                tell($"Request {job.RequestId} is still polled, although a status request failed: {exception.Message}", new EditEvent("edit.unanswered")
                {
                    RequestId = job.RequestId,
                    Error = exception.Error,
                });
            }
        }
    }

    /// <summary>Asks once for the state of a job and, if it has ended, for its result.</summary>
    /// <param name="entry">The edit whose job it is. A job that was accepted less than a minute ago and that the service does not know yet is running.</param>
    /// <param name="job">Where to ask.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    internal async Task<JobReport> OnceAsync(EditEntry entry, JobReference job, CancellationToken cancellationToken)
    {
        try
        {
            return await OnceAsync(job, new Deadline(time, settings.Timeout), cancellationToken).ConfigureAwait(false);
        }
        catch (QwenEditException exception) when (exception.Error == EditError.RecordExpired && time.GetUtcNow() - entry.Submitted < Appearing)
        {
            return new JobReport { State = EditState.Processing, StateName = "PROCESSING" };
        }
    }

    // When a job has probably ended, its result is requested at once, which saves a request. A service that refuses to give the result of a running
    // job is asked for the state first from then on.
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
            // One 404 is not enough to give up a paid edit. The other URL must answer the same.
            return await client.GetResultAsync(job, deadline, cancellationToken).ConfigureAwait(false);
        }

        return report.State == EditState.Completed
            ? await client.GetResultAsync(job, deadline, cancellationToken).ConfigureAwait(false)
            : report;
    }

    // There is a last poll at the deadline, and one just before the service removes the job's record.
    private static TimeSpan Bound(TimeSpan pause, TimeSpan age, TimeSpan left)
    {
        TimeSpan remembered = ServiceRetention.JobRecord - BeforeExpiry - age;
        TimeSpan bound = remembered > TimeSpan.Zero && remembered < pause ? remembered : pause;
        return bound < left ? bound : left + TimeSpan.FromMilliseconds(1);
    }

    private static bool MayPass(EditError error) =>
        error is EditError.ConnectionFailed or EditError.ServiceUnavailable or EditError.RateLimited or EditError.UnexpectedAnswer;
}
