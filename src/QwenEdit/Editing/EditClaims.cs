using QwenEdit.Files;
using QwenEdit.Journal;
using QwenEdit.Reconciliation;
using QwenEdit.Runs;

namespace QwenEdit.Editing;

/// <summary>An edit of the journal, and what to do with it.</summary>
internal sealed record ClaimedEdit(EditEntry Entry, NextStep Step);

/// <summary>The claim of an edit, from when work on it begins until it is released. An edit that is done is not claimed.</summary>
internal sealed class Claim(EditClaims claims)
{
    private EditEntry? _entry;

    /// <summary>The state of the edit in the journal; <see langword="null"/> if it was not claimed.</summary>
    internal EditState? State => _entry is null ? null : claims.StateOf(_entry.Id) ?? _entry.State;

    /// <summary>The edit is this session's.</summary>
    internal void Take(EditEntry entry) => _entry = entry;

    /// <summary>Releases the edit, if it was claimed.</summary>
    internal void Release()
    {
        FreedMemory.EditEnded();
        if (_entry is not null)
        {
            claims.Release(_entry);
        }
    }
}

/// <summary>Claims edits of the journal for this session, decides what to do with them, and releases them.</summary>
internal sealed class EditClaims(
    EditJournal journal, JournalRetryQueue writes, Reconciler reconciler, TemporaryFiles temporaries, Uri endpoint, Resubmit resubmit, TimeProvider time)
{
    /// <summary>Begins the work on an edit.</summary>
    internal Claim Begin() => new(this);

    /// <summary>Claims an edit that a user asks for.</summary>
    /// <param name="edit">The edit, with the hash of its local image.</param>
    /// <param name="claim">Takes the edit, if it is claimed.</param>
    /// <param name="cancellationToken">Cancels the request to the request history.</param>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.EditBusy"/>, <see cref="EditError.DestinationExists"/>, or the journal's own errors.
    /// </exception>
    internal async Task<ClaimedEdit> ClaimAsync(PreparedEdit edit, Claim claim, CancellationToken cancellationToken)
    {
        EditRequest request = edit.Request;
        string identity = edit.IdentityAt(endpoint);
        // Before the journal is read: a file that another process writes for this edit is there only after the edit is in the journal.
        bool isTaken = DestinationProbe.IsTaken(request.Destination);
        EditEntry? known = journal.Find(identity);
        if (known?.State == EditState.Received
            && ResumeDecision.Decide(known, DestinationProbe.At(known, cancellationToken), request.Overwrite, resubmit, Now) == NextStep.Skip)
        {
            return new ClaimedEdit(known, NextStep.Skip);
        }

        if (known is null && isTaken && !request.Overwrite)
        {
            // The file is not an edit's of the journal, and the edit is not added to it.
            throw DestinationExists(request.Destination);
        }

        RemoveLeftovers(known);
        EditEntry entry = Take(journal.TryClaim(New(edit, identity), out EditEntry row, out SessionOwner? busy), row, busy, claim);
        (entry, NextStep step) = await DecideAsync(entry, request.Overwrite, cancellationToken).ConfigureAwait(false);
        // The result of its last job went, or was to go, to another place.
        return step != NextStep.Submit ? new ClaimedEdit(entry, step)
            : entry.Destination != request.Destination && isTaken && !request.Overwrite ? throw DestinationExists(request.Destination)
            : new ClaimedEdit(entry with { Source = request.Source, Destination = request.Destination }, step);
    }

    /// <summary>Claims an edit of the journal, to receive its job.</summary>
    /// <inheritdoc cref="ClaimAsync(PreparedEdit, Claim, CancellationToken)"/>
    internal Task<ClaimedEdit> ClaimAsync(EditEntry known, Claim claim, bool overwrite, CancellationToken cancellationToken)
    {
        RemoveLeftovers(known);
        return DecideAsync(Take(journal.TryClaim(known.Id, out EditEntry row, out SessionOwner? busy), row, busy, claim), overwrite, cancellationToken);
    }

    /// <summary>The state of an edit in the journal; <see langword="null"/> if it can't be read.</summary>
    internal EditState? StateOf(long id)
    {
        try
        {
            return journal.Find(id).State;
        }
        catch (Exception exception) when (exception is QwenEditException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Releases an edit, after the writes of it that are still pending.</summary>
    internal void Release(EditEntry entry)
    {
        string what = $"The end of the work on {entry.Source}";
        if (!writes.TryAppend(entry, what, () => journal.Release(entry)))
        {
            writes.TryOnce(() => journal.Release(entry), what);
        }
    }

    /// <summary>There is a file at the destination that must not be overwritten.</summary>
    internal static QwenEditException DestinationExists(string destination) =>
        new(EditError.DestinationExists, $"{destination} already exists and is not a result of this edit.");

    /// <summary>Another living session has claimed the edit.</summary>
    internal static QwenEditException Busy(EditEntry entry, SessionOwner owner) => new(
        EditError.EditBusy,
        $"The edit of {entry.Source} into {entry.Destination} is being worked on by {owner.ProcessName} (process {owner.ProcessId} on {owner.Machine}).");

    private DateTimeOffset Now => time.GetUtcNow();

    private EditEntry New(PreparedEdit edit, string identity) => new()
    {
        Identity = identity,
        Source = edit.Request.Source,
        Destination = edit.Request.Destination,
        Endpoint = endpoint.AbsoluteUri,
        Model = edit.Request.Model,
        Prompt = edit.Request.Prompt,
        Fields = edit.Fields.Text,
        Seed = edit.Request.Seed,
        ImageFormat = edit.Request.ImageFormat,
        Created = Now,
    };

    private static EditEntry Take(bool isClaimed, EditEntry entry, SessionOwner? busy, Claim claim)
    {
        if (!isClaimed)
        {
            throw Busy(entry, busy!);
        }

        claim.Take(entry);
        return entry;
    }

    private async Task<ClaimedEdit> DecideAsync(EditEntry claimed, bool overwrite, CancellationToken cancellationToken)
    {
        // Looked up after the claim: the session that had the edit before may have just written its image there.
        DestinationState there = DestinationProbe.At(claimed, cancellationToken);
        if (claimed.IsNameless && there != DestinationState.ItsResult)
        {
            claimed = journal.Unknown(claimed, "The service responded, but the process that received the image ended before it was written.");
        }

        // Also where the edit would be submitted again: if it was paid for already, it must not be paid for twice.
        EditEntry entry = there == DestinationState.ItsResult ? claimed : await reconciler.ReconcileAsync(claimed, cancellationToken).ConfigureAwait(false);
        NextStep step = ResumeDecision.Decide(entry, there, overwrite, resubmit, Now);
        return step == NextStep.RefuseDestination ? throw DestinationExists(entry.Destination) : new ClaimedEdit(entry, step);
    }

    // Before the claim, while the journal still names the session that left them: if this process is killed after its claim, nobody can find them.
    private void RemoveLeftovers(EditEntry? known)
    {
        if (known is not null && journal.IsAbandoned(known))
        {
            temporaries.RemoveLeftovers(Path.GetDirectoryName(known.Destination)!, known.Owner);
        }
    }
}
