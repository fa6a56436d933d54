using QwenEdit.Journal;
using QwenEdit.Segmind;

namespace QwenEdit.Engine;

/// <summary>Makes a job of an edit: never without its intent in the journal, never twice.</summary>
internal sealed class Submission(SegmindClient client, EditJournal journal, SubmissionBrake brake, Uri endpoint, TimeProvider time, IEditLog log)
{
    /// <summary>How long a request that is on its way is still listened to when the call is stopped.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(600);

    /// <summary>Submits an edit that this session has taken.</summary>
    /// <exception cref="QwenEditException">
    /// No job was made; except for <see cref="EditError.OutcomeUnknown"/>, where it can't be known.
    /// </exception>
    internal async Task<(EditJob Job, JobReference Reference)> SubmitAsync(
        PreparedEdit edit, EditEntry entry, Deadline deadline, CancellationToken cancellationToken)
    {
        // Drawn here, so that a random edit can be told from others and made again.
        long seed = edit.Request.Seed == -1 ? Poly.NextSeed() : edit.Request.Seed;
        JobReference reference;
        using CancellationTokenSource late = new();
        // Whoever waits for a turn has nothing on its way, and leaves at once.
        using CancellationTokenSource stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, brake.Pulled);
        Steps steps = new(this, entry, seed, stopped.Token);
        using (cancellationToken.Register(() => late.CancelAfter(Grace)))
        {
            try
            {
                reference = await client
                    .SubmitAsync(edit.Request, edit.Payload, seed, steps, deadline, late.Token)
                    .ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                brake.ThrowIfStopped();
                throw;
            }
            catch (QwenEditException exception) when (steps.HasBegun)
            {
                Record(entry, exception);
                throw;
            }
        }

        // As the journal keeps it, so that the job is the same object to everyone.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        log.Note(() => journal.Submitted(entry, reference.RequestId, now), $"Request {reference.RequestId} (for {edit.Request.Source})");
        log.Verbose($"{edit.Request.Source} is request {reference.RequestId}, accepted after {(deadline.Span - deadline.Left).TotalSeconds:0.0} s.", new EditEvent("edit.submitted")
        {
            EditId = entry.Id,
            Source = edit.Request.Source,
            RequestId = reference.RequestId,
            Seconds = (deadline.Span - deadline.Left).TotalSeconds,
        });
        return (Outcomes.Submitted(entry, edit.Request, seed, reference.RequestId, endpoint, now), reference);
    }

    private void Record(EditEntry entry, QwenEditException exception)
    {
        Action? step = exception.Error switch
        {
            EditError.OutcomeUnknown => () => journal.Unknown(entry, exception.Message),
            EditError.RequestRejected or EditError.ImageChanged or EditError.UnexpectedAnswer => () => journal.Rejected(entry, exception.Message),
            // The intent could not be written, so that nothing was sent; there is no writing that either.
            EditError.JournalUnavailable or EditError.JournalDamaged or EditError.EditBusy => null,
            _ => () => journal.NoJob(entry),
        };
        if (step is not null)
        {
            log.Note(step, $"The end of the submission of {entry.Source}");
        }
    }

    private sealed class Steps(Submission submission, EditEntry entry, long seed, CancellationToken stopped) : ISubmissionSteps
    {
        public CancellationToken Stopped => stopped;

        /// <summary>Whether the journal has heard of a try.</summary>
        internal bool HasBegun { get; private set; }

        public void BeforeTry()
        {
            submission.ThrowIfStopped();
            stopped.ThrowIfCancellationRequested();
            HasBegun = true;
            submission.Submitting(entry, seed);
        }

        public void NoJob() => submission.NoJob(entry);
    }

    private void ThrowIfStopped() => brake.ThrowIfStopped();

    private void Submitting(EditEntry entry, long seed) => journal.Submitting(entry, seed, time.GetUtcNow());

    private void NoJob(EditEntry entry) => journal.NoJob(entry);
}
