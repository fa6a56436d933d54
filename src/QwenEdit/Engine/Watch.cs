using QwenEdit.Segmind;

namespace QwenEdit.Engine;

/// <summary>Asks for a job until it has ended.</summary>
internal sealed class Watch(SegmindClient client, EditSettings settings, TimeProvider time, IEditLog log)
{
    /// <summary>Waits for a job's end.</summary>
    /// <param name="job">The job.</param>
    /// <param name="deadline">How long to wait.</param>
    /// <param name="cancellationToken">Gives up waiting; the job goes on.</param>
    /// <returns>All that the service has of the job, which is completed or failed.</returns>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.TimedOut"/>, <see cref="EditError.RecordExpired"/>, or an answer that no further poll would change, such as a
    /// refused key.
    /// </exception>
    internal async Task<JobReport> UntilEndedAsync(JobReference job, Deadline deadline, CancellationToken cancellationToken)
    {
        QwenEditException? trouble = null;
        string state = string.Empty;
        while (true)
        {
            TimeSpan pause = PollSchedule.Next(deadline.Span - deadline.Left, settings.PollInterval);
            if (deadline.Left < TimeSpan.Zero)
            {
                throw new QwenEditException(
                    EditError.TimedOut,
                    $"Request {job.RequestId} had not ended after {deadline.Span.TotalSeconds:0} s{(trouble is null ? "." : ": " + trouble.Message)}",
                    trouble);
            }

            // The last poll falls on the deadline itself.
            TimeSpan left = deadline.Left;
            await time.Pause(pause < left ? pause : left + TimeSpan.FromMilliseconds(1), cancellationToken).ConfigureAwait(false);
            try
            {
                JobReport report = await OnceAsync(job, deadline, cancellationToken).ConfigureAwait(false);
                trouble = null;
                if (report.StateName != state)
                {
                    state = report.StateName;
                    log.Verbose($"Request {job.RequestId} is {state} after {(deadline.Span - deadline.Left).TotalSeconds:0.0} s.");
                }

                if (report.State is EditState.Completed or EditState.Failed)
                {
                    return report;
                }
            }
            catch (QwenEditException exception) when (MayPass(exception.Error))
            {
                trouble = exception;
                log.Warning($"Request {job.RequestId} is still watched, though asking for it failed: {exception.Message}");
            }
        }
    }

    /// <summary>Asks once: the state, and if the job has ended, all there is of it.</summary>
    internal Task<JobReport> OnceAsync(JobReference job, CancellationToken cancellationToken) =>
        OnceAsync(job, new Deadline(time, settings.Timeout), cancellationToken);

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

    private static bool MayPass(EditError error) =>
        error is EditError.ConnectionFailed or EditError.ServiceUnavailable or EditError.RateLimited or EditError.UnexpectedAnswer;
}
