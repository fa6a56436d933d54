using QwenEdit.Diagnostics;
using QwenEdit.Journal;

namespace QwenEdit.Runs;

/// <summary>Records a run without edits. It needs no connection, and no API key.</summary>
internal sealed class EmptyRun : IDisposable
{
    private readonly JournalStore _store;
    private readonly SessionLease _session;
    private readonly RunTracker _run;

    /// <summary>Begins the run in the journal.</summary>
    /// <exception cref="QwenEditException">The journal's own errors.</exception>
    internal EmptyRun(string journalPath, RunCounters counters, TimeProvider time, IEditLog log, CancellationToken stopped)
    {
        _store = JournalStore.Open(journalPath, stopped);
        _session = new SessionLease(_store, time);
        try
        {
            _run = new RunTracker(new RunJournal(_store, _session), counters, new RunLimits(), new SubmissionBreaker(), time, log);
        }
        catch
        {
            _session.Dispose();
            _store.Dispose();
            throw;
        }
    }

    /// <summary>Records the end of the run.</summary>
    internal void End(EditRun run) => _run.End(run);

    /// <inheritdoc/>
    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
        _store.Dispose();
    }
}
