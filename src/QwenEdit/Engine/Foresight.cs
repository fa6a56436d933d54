using QwenEdit.Journal;

namespace QwenEdit.Engine;

/// <summary>Says what a run would do with an edit, by the journal as it is. It takes nothing, sends nothing, and asks nobody.</summary>
internal sealed class Foresight : IDisposable
{
    private const int Recent = 50;

    private readonly Uri _endpoint;
    private readonly Resubmit _resubmit;
    private readonly TimeProvider _time;
    private readonly JournalStore? _store;
    private readonly EditReader? _edits;
    private readonly EditIdentity? _identity;

    /// <summary>Opens a journal; one that does not exist is empty, and is not made.</summary>
    /// <exception cref="QwenEditException">The journal's own errors.</exception>
    internal Foresight(string journalPath, Uri endpoint, Resubmit resubmit, TimeProvider time)
    {
        _endpoint = endpoint;
        _resubmit = resubmit;
        _time = time;
        if (File.Exists(journalPath))
        {
            _store = JournalStore.Open(journalPath);
            _edits = new EditReader(_store);
            _identity = new EditIdentity(new ImageHashes(_store));
        }
    }

    /// <summary>What a run would do with an edit.</summary>
    /// <exception cref="QwenEditException">It would be an error, and this one.</exception>
    internal Step StepOf(PreparedEdit edit, CancellationToken cancellationToken)
    {
        EditRequest request = edit.Request;
        EditEntry? entry = _edits?.Find(_identity!.Of(edit, _endpoint, cancellationToken));
        AtDestination there = entry is not null ? DestinationLook.At(entry, cancellationToken)
            : DestinationLook.IsTaken(request.Destination) ? AtDestination.SomethingElse
            : AtDestination.Nothing;
        Step step = Rerun.Decide(entry, there, request.Overwrite, _resubmit, _time.GetUtcNow());
        if (step == Step.Submit && _edits?.JobsFor(request.Destination, entry?.Id ?? 0).FirstOrDefault(job => job.State != EditState.Submitting) is { } other)
        {
            throw EditReader.Collision(other);
        }

        return step switch
        {
            Step.RefuseDestination => throw EditDesk.DestinationExists(request.Destination),
            Step.ReportUnknown or Step.ReportExpired or Step.ReportFailed => throw Outcomes.Why(entry!, step),
            _ => step,
        };
    }

    /// <summary>What an edit with a model costs, in credits; <see langword="null"/> if the journal knows no cost.</summary>
    internal decimal? CostOf(string model) => _edits?.RecentCost(_endpoint.AbsoluteUri, model)?.Mean;

    /// <summary>How long an edit with a model takes; <see langword="null"/> if the journal knows no latency.</summary>
    internal TimeSpan? LatencyOf(string model) =>
        _store is not null && new LatencyJournal(_store, _endpoint.AbsoluteUri).Recent(model, Recent) is { Count: > 0 } seen
            ? TimeSpan.FromSeconds(seen.Average(job => job.Latency))
            : null;

    /// <inheritdoc/>
    public void Dispose() => _store?.Dispose();
}
