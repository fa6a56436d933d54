using QwenEdit.Commands.Parameters;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Editing;

/// <summary>Asks for the state of jobs, of which the journal takes no note.</summary>
internal sealed class StatusQuery(EditClaims claims, SegmindClient client, JobPoller watch, TimeSpan timeout, TimeProvider time)
{
    /// <summary>Asks for a job's state once, or with <paramref name="wait"/> until it has ended.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.TimedOut"/>, or the question got no answer.</exception>
    internal async Task<EditStatus> AskAsync(EditJob job, bool wait, CancellationToken cancellationToken)
    {
        EditJob known = claims.Find(job, out _);
        if (job.RequestId.Length == 0)
        {
            // There is no job to ask for, or nobody knows of one: the journal's word is all there is.
            return EditMapper.Status(known, new JobReport { State = known.Status, Error = known.Error }, time.GetUtcNow());
        }

        JobReference reference = client.Refer(known.RequestId);
        JobReport report;
        try
        {
            report = wait
                ? await watch.UntilEndedAsync(known, reference, new Deadline(time, timeout), cancellationToken).ConfigureAwait(false)
                : await watch.OnceAsync(known, reference, cancellationToken).ConfigureAwait(false);
        }
        catch (QwenEditException exception) when (exception.Error == EditError.RecordExpired)
        {
            report = new JobReport { State = EditState.Expired, Error = exception.Message };
        }

        return EditMapper.Status(known, report, time.GetUtcNow());
    }
}
