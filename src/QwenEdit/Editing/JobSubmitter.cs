using QwenEdit.Diagnostics;
using QwenEdit.Journal;
using QwenEdit.Runs;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Contracts;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Editing;

/// <summary>
/// Submits edits that this session has claimed. No request leaves before the journal has recorded it, and a request is repeated only when it provably
/// made no job.
/// </summary>
/// <param name="client">Sends the requests.</param>
/// <param name="storage">Takes the images before they are submitted; <see langword="null"/> if they are sent in the requests.</param>
/// <param name="journal">Records the intent before each request.</param>
/// <param name="writes">Records what follows a request.</param>
/// <param name="breaker">Stops submitting.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Receives the steps.</param>
internal sealed class JobSubmitter(
    SegmindClient client, StorageClient? storage, EditJournal journal, JournalRetryQueue writes, SubmissionBreaker breaker, TimeProvider time, IEditLog log)
{
    /// <summary>How long the response to a request under way is still waited for when the call is stopped.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(600);

    /// <summary>Submits an edit.</summary>
    /// <returns>The row of the edit as it is now, and where to ask for its job.</returns>
    /// <exception cref="QwenEditException">
    /// There is no job; except for <see cref="EditError.OutcomeUnknown"/>, where this is unknown.
    /// </exception>
    internal async Task<(EditEntry Entry, JobReference Job)> SubmitAsync(
        PreparedEdit edit, EditEntry entry, Deadline deadline, CancellationToken cancellationToken)
    {
        (EditEntry sent, JobReference job) = await SendAsync(
            edit,
            entry,
            async (request, steps, token) =>
            {
                JobReference job = await client.SubmitAsync(request, steps, deadline, token).ConfigureAwait(false);
                return (steps.Entry, job);
            },
            deadline,
            cancellationToken).ConfigureAwait(false);

        // In the precision of the journal, so that the job is the same object for everyone.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        EditEntry submitted = writes.Write(
            sent with { State = EditState.Queued, RequestId = job.RequestId, Submitted = now },
            () => journal.Submitted(sent, job.RequestId, now, job.AcceptedAt));
        double seconds = (deadline.Span - deadline.Left).TotalSeconds;
        log.Verbose($"{edit.Request.Source} is request {job.RequestId}, accepted after {seconds:0.0} s.", new EditEvent("edit.submitted")
        {
            EditId = sent.Id,
            Source = edit.Request.Source,
            RequestId = job.RequestId,
            Seconds = seconds,
        });
        return (submitted, job);
    }

    /// <summary>Sends a request that may make a job, and records the outcome if it fails.</summary>
    /// <param name="edit">The edit.</param>
    /// <param name="entry">Its row in the journal.</param>
    /// <param name="send">Sends the request, and reports each try.</param>
    /// <param name="deadline">The latest time for an upload to begin.</param>
    /// <param name="cancellationToken">Stops, after a short time in which the response may still come.</param>
    /// <inheritdoc cref="SubmitAsync" path="/exception"/>
    internal async Task<T> SendAsync<T>(
        PreparedEdit edit,
        EditEntry entry,
        Func<SubmitRequest, SubmissionSteps, CancellationToken, Task<T>> send,
        Deadline deadline,
        CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new();
        // While nothing is under way, stopping takes effect at once.
        using CancellationTokenSource stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, breaker.Tripped);
        SubmissionSteps? steps = null;
        using (cancellationToken.Register(() => late.CancelAfter(Grace)))
        {
            try
            {
                // The module draws a random seed itself, so that the edit can be told from others and can be made again.
                long seed = edit.Request.Seed == -1 ? Numbers.NextSeed() : edit.Request.Seed;
                Uri? imageUrl = await UploadAsync(edit, entry, deadline, stopped.Token).ConfigureAwait(false);
                steps = new SubmissionSteps(entry, stopped.Token)
                {
                    Check = ThrowIfStopped,
                    Submitting = row => journal.Submitting(row, seed, time.GetUtcNow(), imageUrl?.AbsoluteUri, row.Destination),
                    NotDone = journal.NoJob,
                };
                SubmitRequest request = new(edit.Request.Model, edit.Fields.With(seed, imageUrl), imageUrl is null ? edit.Payload : null);
                return await send(request, steps, late.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                breaker.ThrowIfStopped();
                throw;
            }
            catch (QwenEditException exception) when (steps?.HasBegun == true)
            {
                RecordFailure(steps.Entry, exception);
                throw;
            }
        }
    }

    /// <summary>Uploads the local image to the service's storage, unless it was uploaded before.</summary>
    /// <returns>The image's URL; <see langword="null"/> if it is sent in the request.</returns>
    private async Task<Uri?> UploadAsync(PreparedEdit edit, EditEntry entry, Deadline deadline, CancellationToken cancellationToken)
    {
        if (storage is null || edit.Payload is not { } image)
        {
            return null;
        }

        breaker.ThrowIfStopped();
        // A failed or rejected edit may have failed because of the URL.
        if (entry.ImageUrl is { } known && entry.State is not (EditState.Failed or EditState.Rejected))
        {
            return new Uri(known);
        }

        Uri url = await storage.UploadAsync(image, deadline, cancellationToken).ConfigureAwait(false);
        writes.TryOnce(() => journal.Uploaded(entry, url.AbsoluteUri), $"The upload of {entry.Source} to {url}");
        log.Verbose($"{entry.Source} is uploaded: {url}", new EditEvent("edit.uploaded") { EditId = entry.Id, Source = entry.Source, Bytes = image.Length });
        return url;
    }

    private void ThrowIfStopped()
    {
        breaker.ThrowIfStopped();
        // With facts that the journal does not have, each further edit could be paid for and lost.
        writes.ThrowIfPending();
    }

    private void RecordFailure(EditEntry entry, QwenEditException exception)
    {
        Func<EditEntry>? write = exception.Error switch
        {
            EditError.JobFailed => () => journal.Failed(entry, time.GetUtcNow(), exception.Message),
            EditError.RequestRejected or EditError.ImageChanged or EditError.UnexpectedAnswer => () => journal.Rejected(entry, exception.Message),
            // The intent could not be recorded, so nothing was sent, and there is nothing to record.
            EditError.JournalBusy or EditError.JournalUnavailable or EditError.JournalDamaged or EditError.EditBusy
                or EditError.DestinationCollision => null,
            _ when EditErrorCatalog.Of(exception.Error).Billing == Billing.NotBilled => () => journal.NoJob(entry),
            _ => () => journal.Unknown(entry, exception.Message),
        };
        if (write is not null)
        {
            writes.Write(entry, write);
        }
    }
}

/// <summary>The tries of one submission, each of which is recorded before its request is sent.</summary>
/// <param name="entry">The edit as the journal has it.</param>
/// <param name="stopped">Cancels waiting for the next try.</param>
internal sealed class SubmissionSteps(EditEntry entry, CancellationToken stopped) : ISubmissionSteps
{
    /// <summary>Throws if there must be no further try.</summary>
    internal required Action Check { get; init; }

    /// <summary>Records that a request is about to be sent.</summary>
    internal required Func<EditEntry, EditEntry> Submitting { get; init; }

    /// <summary>Records that a request made no job.</summary>
    internal required Func<EditEntry, EditEntry> NotDone { get; init; }

    /// <summary>The edit as the journal has it now.</summary>
    internal EditEntry Entry { get; private set; } = entry;

    /// <summary>Whether there was a try.</summary>
    internal bool HasBegun { get; private set; }

    public CancellationToken Stopped => stopped;

    public void BeforeTry()
    {
        Check();
        stopped.ThrowIfCancellationRequested();
        HasBegun = true;
        Entry = Submitting(Entry);
    }

    public void NoJob() => Entry = NotDone(Entry);
}
