using QwenEdit.Journal;

namespace QwenEdit.Editing;

/// <summary>The journal without a connection to the service. A journal that does not exist is not created, and counts as empty.</summary>
internal sealed class OfflineJournal : IDisposable
{
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopped;
    private OpenJournal? _open;

    /// <summary>Opens a journal.</summary>
    /// <exception cref="QwenEditException">The journal's own errors, here and in each method.</exception>
    internal OfflineJournal(string path, TimeProvider time, CancellationToken stopped = default)
    {
        (_path, _time, _stopped) = (path, time, stopped);
        _ = Open;
    }

    // An earlier command of the pipeline may create it after this one has begun.
    private OpenJournal? Open => _open ??= File.Exists(_path) ? new OpenJournal(JournalStore.Open(_path, _stopped), _time) : null;

    /// <summary>Returns edits by state, time of creation, last run and source, the oldest first. <see langword="null"/> selects all.</summary>
    internal IEnumerable<EditJob> Select(
        IReadOnlyCollection<EditState>? states, DateTimeOffset? since, long? run = null, Predicate<string>? source = null) =>
        Open?.Edits.Select(states, since, run, source).Select(EditMapper.Job) ?? [];

    /// <summary>The newest edits whose request ids begin with a text, the newest first.</summary>
    internal IEnumerable<EditJob> LatestJobs(string start, int most) => Open?.Edits.LatestJobs(start, most).Select(EditMapper.Job) ?? [];

    /// <summary>The newest edits whose numbers begin with a text, the newest first.</summary>
    internal IEnumerable<EditJob> LatestEdits(string start, int most) => Open?.Edits.LatestEdits(start, most).Select(EditMapper.Job) ?? [];

    /// <summary>The models of all edits, sorted by name.</summary>
    internal IReadOnlyList<string> Models() => Open?.Edits.Models() ?? [];

    /// <summary>The newest N runs, the oldest first.</summary>
    internal IReadOnlyList<EditRun> LastRuns(int last) => Open?.Runs.Select(null, last) ?? [];

    /// <summary>Returns a run by its number.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.RunNotInJournal"/>.</exception>
    internal EditRun Run(long id) => Open?.Runs.Select(id, 1).SingleOrDefault()
        ?? throw new QwenEditException(EditError.RunNotInJournal, $"The journal has no run {id}.");

    /// <summary>Returns an edit by its number, if it may be removed.</summary>
    /// <param name="editId">Its number.</param>
    /// <param name="force">Whether an edit may be removed that has a job to receive or an unknown outcome.</param>
    /// <exception cref="QwenEditException"><see cref="EditError.JobNotInJournal"/>, <see cref="EditError.JobUnfinished"/>.</exception>
    internal EditJob FindRemovable(long editId, bool force)
    {
        EditEntry entry = EditsWith(editId).Find(editId);
        ThrowIfUnfinished(entry, force);
        return EditMapper.Job(entry);
    }

    /// <summary>Removes an edit from the journal.</summary>
    /// <param name="editId">Its number.</param>
    /// <param name="force">Whether an edit may be removed that has a job to receive or an unknown outcome.</param>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.JobNotInJournal"/>, <see cref="EditError.JobUnfinished"/>, <see cref="EditError.EditBusy"/>.
    /// </exception>
    internal void Remove(long editId, bool force)
    {
        EditJournal edits = EditsWith(editId);
        EditEntry entry = edits.Find(editId);
        if (!edits.TryClaim(entry.Id, out entry, out SessionOwner? busy))
        {
            throw EditClaims.Busy(entry, busy!);
        }

        try
        {
            ThrowIfUnfinished(entry, force);
        }
        catch (QwenEditException)
        {
            edits.Release(entry);
            throw;
        }

        edits.Remove(entry);
    }

    private EditJournal EditsWith(long editId) =>
        Open?.Edits ?? throw new QwenEditException(EditError.JobNotInJournal, $"The journal has no edit {editId}.");

    private static void ThrowIfUnfinished(EditEntry entry, bool force)
    {
        if (!force && entry.State is not (EditState.Received or EditState.Failed or EditState.Rejected or EditState.Prepared))
        {
            throw new QwenEditException(
                EditError.JobUnfinished, $"The edit of {entry.Source} is {entry.State}: if it were removed, it could be paid for and lost, or paid for twice.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _open?.Dispose();

    private sealed class OpenJournal : IDisposable
    {
        private readonly JournalStore _store;
        private readonly SessionLease _lease;

        internal OpenJournal(JournalStore store, TimeProvider time)
        {
            _store = store;
            _lease = new SessionLease(store, time);
            Edits = new EditJournal(store, _lease);
            Runs = new RunJournal(store, _lease);
        }

        internal EditJournal Edits { get; }

        internal RunJournal Runs { get; }

        public void Dispose()
        {
            _lease.Dispose();
            _store.Dispose();
        }
    }
}
