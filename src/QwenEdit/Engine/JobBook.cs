using QwenEdit.Journal;

namespace QwenEdit.Engine;

/// <summary>The journal by itself, without a connection.</summary>
internal sealed class JobBook : IDisposable
{
    private readonly JournalStore? _store;
    private readonly Session? _presence;
    private readonly EditJournal? _journal;
    private readonly RunJournal? _runs;

    /// <summary>Opens a journal; one that does not exist is empty, and is not made.</summary>
    /// <exception cref="QwenEditException">The journal's own errors.</exception>
    internal JobBook(string path, TimeProvider time)
    {
        if (File.Exists(path))
        {
            _store = JournalStore.Open(path);
            _presence = new Session(_store, time);
            _journal = new EditJournal(_store, _presence);
            _runs = new RunJournal(_store, _presence);
        }
    }

    /// <summary>The edits in these states (all, if none is named) since a time, that a run was the last to work on, oldest first.</summary>
    internal IEnumerable<EditJob> Select(IReadOnlyCollection<EditState>? states, DateTimeOffset? since, long? run = null) =>
        _journal?.Select(states, since, run).Select(Outcomes.Job) ?? [];

    /// <summary>The newest edits that became jobs whose ids begin so, the newest first.</summary>
    internal IEnumerable<EditJob> LatestJobs(string start, int most) => _journal?.LatestJobs(start, most).Select(Outcomes.Job) ?? [];

    /// <summary>The newest edits whose numbers begin so, the newest first.</summary>
    internal IEnumerable<EditJob> LatestEdits(string start, int most) => _journal?.LatestEdits(start, most).Select(Outcomes.Job) ?? [];

    /// <summary>The models of the edits, by name.</summary>
    internal IReadOnlyList<string> Models() => _journal?.Models() ?? [];

    /// <summary>The last so many runs, oldest first.</summary>
    internal IReadOnlyList<EditRun> LastRuns(int last) => _runs?.Select(null, last) ?? [];

    /// <summary>A run by its number.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.RunNotInJournal"/>.</exception>
    internal EditRun Run(long id) => _runs?.Select(id, 1).SingleOrDefault()
        ?? throw new QwenEditException(EditError.RunNotInJournal, $"The journal has no run {id}.");

    /// <summary>Forgets an edit.</summary>
    /// <param name="editId">Its number.</param>
    /// <param name="force">Even if there may be something to receive or to settle.</param>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.JobNotInJournal"/>, <see cref="EditError.JobUnfinished"/>, <see cref="EditError.EditBusy"/>.
    /// </exception>
    internal void Remove(long editId, bool force)
    {
        if (_journal is null)
        {
            throw new QwenEditException(EditError.JobNotInJournal, $"The journal has no edit {editId}.");
        }

        EditEntry entry = _journal.Find(editId);
        if (!_journal.TryTake(entry.Id, out entry, out SessionFacts? busy))
        {
            throw EditDesk.Busy(entry, busy!);
        }

        if (!force && entry.State is not (EditState.Received or EditState.Failed or EditState.Rejected or EditState.Prepared))
        {
            _journal.Release(entry);
            throw new QwenEditException(
                EditError.JobUnfinished, $"The edit of {entry.Source} is {entry.State}: forgotten, it could be paid for and lost, or paid for twice.");
        }

        _journal.Remove(entry);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _presence?.Dispose();
        _store?.Dispose();
    }
}
