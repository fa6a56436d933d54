using System.Text;
using QwenEdit.Commands.Parameters;
using QwenEdit.Files;
using QwenEdit.Journal;
using QwenEdit.Reconciliation;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Editing;

/// <summary>An edit that this session has taken, and what is to be done with it. One that is done is not taken.</summary>
internal sealed record ClaimedEdit(EditEntry Entry, NextStep Step);

/// <summary>Looks edits up in the journal, and takes them for this session.</summary>
internal sealed class EditClaims(
    EditJournal journal, ImageHasher hasher, Reconciler reconciler, TemporaryFiles temporaries, Uri endpoint, Resubmit resubmit, TimeProvider time)
{
    /// <summary>What the journal knows of a job, with the destination that the user named, if one was named.</summary>
    /// <param name="job">The job. Without a request id it is an edit of the journal that became no job, or nobody knows whether.</param>
    /// <param name="entry">Its edit; <see langword="null"/> if the journal has none.</param>
    /// <exception cref="QwenEditException"><see cref="EditError.JobNotInJournal"/>, or the journal's own.</exception>
    internal EditJob Find(EditJob job, out EditEntry? entry)
    {
        entry = job.RequestId.Length > 0 ? journal.FindByRequest(job.RequestId) : journal.Find(job.EditId);
        return entry is null ? job : EditMapper.Job(entry) with { Destination = job.Destination.Length > 0 ? job.Destination : entry.Destination };
    }

    /// <inheritdoc cref="ImageHasher.WithHash"/>
    internal PreparedEdit WithHash(PreparedEdit edit, CancellationToken cancellationToken) => hasher.WithHash(edit, cancellationToken);

    /// <inheritdoc cref="ImageHasher.Forget"/>
    internal void Forget(SourceImage image) => hasher.Forget(image);

    /// <summary>Takes an edit that a user asks for.</summary>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.EditBusy"/>, <see cref="EditError.DestinationExists"/>, <see cref="EditError.ImageUnreadable"/>, or the journal's
    /// own.
    /// </exception>
    internal async Task<ClaimedEdit> ClaimAsync(PreparedEdit edit, CancellationToken cancellationToken)
    {
        EditRequest request = edit.Request;
        string name = hasher.IdentityOf(edit, endpoint, cancellationToken);
        // Before the journal is asked: a file that another process wrote for this edit is there only after the edit is in the journal.
        bool exists = DestinationProbe.IsTaken(request.Destination);
        EditEntry? known = journal.Find(name);
        if (known?.State == EditState.Received
            && ResumeDecision.Decide(known, DestinationProbe.At(known, cancellationToken), request.Overwrite, resubmit, Now) == NextStep.Skip)
        {
            return new ClaimedEdit(known, NextStep.Skip);
        }

        if (known is null && exists && !request.Overwrite)
        {
            // Not an edit of the journal, and not to become one.
            throw DestinationExists(request.Destination);
        }

        EditEntry fresh = new()
        {
            Identity = name,
            Source = request.Source,
            Destination = request.Destination,
            Endpoint = endpoint.AbsoluteUri,
            Model = request.Model,
            Prompt = request.Prompt,
            Fields = Encoding.UTF8.GetString(EditFields.Write(request, request.Seed)),
            Seed = request.Seed,
            ImageFormat = request.ImageFormat,
            Created = Now,
        };
        RemoveLeftovers(known);
        if (!journal.TryClaim(fresh, out EditEntry entry, out SessionOwner? busy))
        {
            throw Busy(entry, busy!);
        }

        ClaimedEdit claimed = await DecideAsync(entry, request.Overwrite, cancellationToken).ConfigureAwait(false);
        if (claimed.Step != NextStep.Submit || claimed.Entry.Destination == request.Destination)
        {
            return claimed;
        }

        // Its last job was received, or was to be, elsewhere.
        if (exists && !request.Overwrite)
        {
            journal.Release(claimed.Entry);
            throw DestinationExists(request.Destination);
        }

        return claimed with { Entry = claimed.Entry with { Destination = request.Destination } };
    }

    /// <summary>Takes an edit that the journal has, to receive its job.</summary>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.EditBusy"/>, <see cref="EditError.DestinationExists"/>, or the journal's own.
    /// </exception>
    internal async Task<ClaimedEdit> ClaimAsync(EditEntry known, bool overwrite, CancellationToken cancellationToken)
    {
        RemoveLeftovers(known);
        if (!journal.TryClaim(known.Id, out EditEntry entry, out SessionOwner? busy))
        {
            throw Busy(entry, busy!);
        }

        return await DecideAsync(entry, overwrite, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ClaimedEdit> DecideAsync(EditEntry claimed, bool overwrite, CancellationToken cancellationToken)
    {
        // By what is there now that nobody else works on it: the one who had it before may have just put its image there.
        DestinationState there = DestinationProbe.At(claimed, cancellationToken);
        if (claimed.IsNameless && there != DestinationState.ItsResult)
        {
            claimed = journal.Unknown(claimed, "It was answered, and its image was lost with the process that received it.");
        }

        // Also where it would be submitted again: what was paid for already need not be paid for twice.
        EditEntry entry = there == DestinationState.ItsResult ? claimed : await reconciler.ReconcileAsync(claimed, cancellationToken).ConfigureAwait(false);
        NextStep step = ResumeDecision.Decide(entry, there, overwrite, resubmit, Now);
        if (step == NextStep.RefuseDestination)
        {
            journal.Release(entry);
            throw DestinationExists(entry.Destination);
        }

        return new ClaimedEdit(entry, step);
    }

    private DateTimeOffset Now => time.GetUtcNow();

    // While the journal still says who left it: killed after taking the edit, this process would not be known to follow that one.
    private void RemoveLeftovers(EditEntry? known)
    {
        if (known is not null && journal.IsAbandoned(known))
        {
            temporaries.RemoveLeftovers(Path.GetDirectoryName(known.Destination)!, known.Owner);
        }
    }

    /// <summary>Something is at the destination that is not to be written over.</summary>
    internal static QwenEditException DestinationExists(string destination) =>
        new(EditError.DestinationExists, $"{destination} already exists and is not a result of this edit.");

    /// <summary>Another living session has the edit.</summary>
    internal static QwenEditException Busy(EditEntry entry, SessionOwner owner) => new(
        EditError.EditBusy,
        $"The edit of {entry.Source} into {entry.Destination} is being worked on by {owner.ProcessName} (process {owner.ProcessId} on {owner.Machine}).");
}
