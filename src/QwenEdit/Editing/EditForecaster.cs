using QwenEdit.Journal;

namespace QwenEdit.Editing;

/// <summary>Returns what a run would do with an edit, according to the journal as it is now. It claims nothing and sends nothing.</summary>
internal sealed class EditForecaster : IDisposable
{
    private const int Recent = 50;

    private readonly Uri _endpoint;
    private readonly Resubmit _resubmit;
    private readonly TimeProvider _time;
    private readonly JournalStore? _store;
    private readonly EditReader? _edits;
    private readonly ImageHasher? _hasher;

    /// <summary>Opens a journal. A journal that does not exist is not created, and counts as empty.</summary>
    /// <exception cref="QwenEditException">The journal's own errors.</exception>
    internal EditForecaster(string journalPath, Uri endpoint, Resubmit resubmit, TimeProvider time)
    {
        _endpoint = endpoint;
        _resubmit = resubmit;
        _time = time;
        if (File.Exists(journalPath))
        {
            _store = JournalStore.Open(journalPath);
            _edits = new EditReader(_store);
            _hasher = new ImageHasher(new ImageHashes(_store));
        }
    }

    /// <summary>Returns what a run would do with an edit.</summary>
    /// <exception cref="QwenEditException">The error that the run would report.</exception>
    internal NextStep StepOf(PreparedEdit edit, CancellationToken cancellationToken)
    {
        EditRequest request = edit.Request;
        EditEntry? entry = _edits?.Find(_hasher!.WithHash(edit, cancellationToken).IdentityAt(_endpoint));
        DestinationState there = entry is not null ? DestinationProbe.At(entry, cancellationToken)
            : DestinationProbe.IsTaken(request.Destination) ? DestinationState.SomethingElse
            : DestinationState.Nothing;
        NextStep step = ResumeDecision.Decide(entry, there, request.Overwrite, _resubmit, _time.GetUtcNow());
        if (step == NextStep.Submit && _edits?.JobsFor(request.Destination, entry?.Id ?? 0).FirstOrDefault(job => job.State != EditState.Submitting) is { } other)
        {
            throw EditReader.Collision(other);
        }

        return step switch
        {
            NextStep.RefuseDestination => throw EditClaims.DestinationExists(request.Destination),
            NextStep.ReportUnknown or NextStep.ReportExpired or NextStep.ReportFailed => throw EditMapper.Why(entry!, step),
            _ => step,
        };
    }

    /// <summary>The mean cost of an edit with a model, in credits; <see langword="null"/> if the journal has none.</summary>
    internal decimal? CostOf(string model) => _edits?.RecentCost(_endpoint.AbsoluteUri, model)?.Mean;

    /// <summary>The mean duration of an edit with a model; <see langword="null"/> if the journal has none.</summary>
    internal TimeSpan? LatencyOf(string model) =>
        _store is not null && new LatencyJournal(_store, _endpoint.AbsoluteUri).Recent(model, Recent) is { Count: > 0 } seen
            ? TimeSpan.FromSeconds(seen.Average(job => job.Latency))
            : null;

    /// <inheritdoc/>
    public void Dispose() => _store?.Dispose();
}
