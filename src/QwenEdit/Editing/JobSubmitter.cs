using QwenEdit.Commands.Parameters;
using QwenEdit.Compatibility;
using QwenEdit.Diagnostics;
using QwenEdit.Journal;
using QwenEdit.Runs;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Editing;

/// <summary>An edit as it is sent: its image, unless its request names one by its address, and the seed that is sent.</summary>
internal sealed record SubmitRequest(EditRequest Request, ImagePayload? Image, long Seed);

/// <summary>Makes a job of an edit: never without its intent in the journal, never twice.</summary>
/// <param name="client">Sends.</param>
/// <param name="uploads">Uploads the images; <see langword="null"/> where they are sent in the requests themselves.</param>
/// <param name="journal">Remembers.</param>
/// <param name="writes">Makes the writes to the journal that follow a request.</param>
/// <param name="breaker">Stops it.</param>
/// <param name="endpoint">The service.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Hears of every step.</param>
internal sealed class JobSubmitter(
    SegmindClient client, ImageUploads? uploads, EditJournal journal, JournalRetryQueue writes, SubmissionBreaker breaker, Uri endpoint, TimeProvider time, IEditLog log)
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
        long seed = 0;
        JobReference reference = await SendAsync(
            edit,
            entry,
            (order, steps, token) =>
            {
                seed = order.Seed;
                return client.SubmitAsync(order.Request, order.Image, order.Seed, steps, deadline, token);
            },
            deadline,
            cancellationToken).ConfigureAwait(false);

        // As the journal keeps it, so that the job is the same object to everyone.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        writes.Write(
            entry, $"Request {reference.RequestId} (for {edit.Request.Source})", () => journal.Submitted(entry, reference.RequestId, now, reference.AcceptedAt));
        log.Verbose($"{edit.Request.Source} is request {reference.RequestId}, accepted after {(deadline.Span - deadline.Left).TotalSeconds:0.0} s.", new EditEvent("edit.submitted")
        {
            EditId = entry.Id,
            Source = edit.Request.Source,
            RequestId = reference.RequestId,
            Seconds = (deadline.Span - deadline.Left).TotalSeconds,
        });
        return (EditMapper.Submitted(entry, edit.Request, seed, reference.RequestId, endpoint, now), reference);
    }

    /// <summary>Sends a request that may make a job, by whichever of the service's paths, and writes down what came of it if it made none.</summary>
    /// <param name="edit">The edit.</param>
    /// <param name="entry">The same in the journal, which this session has taken.</param>
    /// <param name="send">Sends it, and says so before every try.</param>
    /// <param name="deadline">Until when an upload that it needs may begin.</param>
    /// <param name="cancellationToken">Breaks off, after a short while in which an answer may still come.</param>
    /// <inheritdoc cref="SubmitAsync" path="/exception"/>
    internal async Task<T> SendAsync<T>(
        PreparedEdit edit, EditEntry entry, Func<SubmitRequest, ISubmissionSteps, CancellationToken, Task<T>> send, Deadline deadline, CancellationToken cancellationToken)
    {
        // Drawn here, so that a random edit can be told from others and made again.
        SubmitRequest order = new(edit.Request, edit.Payload, edit.Request.Seed == -1 ? Numbers.NextSeed() : edit.Request.Seed);
        using CancellationTokenSource late = new();
        // Whoever waits for a turn has nothing on its way, and leaves at once.
        using CancellationTokenSource stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, breaker.Tripped);
        Steps? steps = null;
        using (cancellationToken.Register(() => late.CancelAfter(Grace)))
        {
            try
            {
                Uri? imageUrl = null;
                if (uploads is not null && order.Image is not null)
                {
                    breaker.ThrowIfStopped();
                    imageUrl = await uploads.PutAsync(entry, order.Image, deadline, stopped.Token).ConfigureAwait(false);
                    order = order with { Request = order.Request with { Uri = imageUrl }, Image = null };
                }

                steps = new Steps(this, entry, order, imageUrl?.AbsoluteUri, stopped.Token);
                return await send(order, steps, late.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                breaker.ThrowIfStopped();
                throw;
            }
            catch (QwenEditException exception) when (steps?.HasBegun == true)
            {
                Record(entry, exception);
                throw;
            }
        }
    }

    private void Record(EditEntry entry, QwenEditException exception)
    {
        Action? step = exception.Error switch
        {
            EditError.OutcomeUnknown => () => journal.Unknown(entry, exception.Message),
            EditError.JobFailed => () => journal.Failed(entry, time.GetUtcNow(), exception.Message),
            EditError.RequestRejected or EditError.ImageChanged or EditError.UnexpectedAnswer => () => journal.Rejected(entry, exception.Message),
            // The intent could not be written, so that nothing was sent; there is no writing that either.
            EditError.JournalBusy or EditError.JournalUnavailable or EditError.JournalDamaged or EditError.EditBusy
                or EditError.DestinationCollision => null,
            _ => () => journal.NoJob(entry),
        };
        if (step is not null)
        {
            writes.Write(entry, $"The end of the submission of {entry.Source}", step);
        }
    }

    private sealed class Steps(JobSubmitter submission, EditEntry entry, SubmitRequest order, string? imageUrl, CancellationToken stopped) : ISubmissionSteps
    {
        public CancellationToken Stopped => stopped;

        /// <summary>Whether the journal has heard of a try.</summary>
        internal bool HasBegun { get; private set; }

        public void BeforeTry()
        {
            submission.ThrowIfStopped();
            stopped.ThrowIfCancellationRequested();
            submission.ThrowIfUnrecorded();
            HasBegun = true;
            submission.Submitting(entry, order, imageUrl);
        }

        public void NoJob() => submission.NoJob(entry);
    }

    private void ThrowIfStopped() => breaker.ThrowIfStopped();

    // With facts that are not in the journal, each further edit could be paid for and lost.
    private void ThrowIfUnrecorded() => writes.ThrowIfPending();

    private void Submitting(EditEntry entry, SubmitRequest order, string? imageUrl) =>
        journal.Submitting(entry, order.Seed, time.GetUtcNow(), imageUrl, order.Request.Destination);

    private void NoJob(EditEntry entry) => journal.NoJob(entry);
}
