using QwenEdit.Diagnostics;
using QwenEdit.Editing.Polling;
using QwenEdit.Files;
using QwenEdit.Journal;
using QwenEdit.Reconciliation;
using QwenEdit.Runs;
using QwenEdit.Segmind;

namespace QwenEdit.Editing;

/// <summary>What the edits of one call share: the open journal, the clients of the service, and the steps of an edit, each created once.</summary>
internal sealed class SessionServices : IDisposable
{
    private readonly JournalStore _store;
    private readonly SessionLease _lease;

    /// <summary>Opens the journal. Sends nothing.</summary>
    /// <exception cref="QwenEditException">The journal's own errors.</exception>
    internal SessionServices(SegmindConnection connection, EditSettings settings, SubmissionBreaker breaker, TimeProvider time, IEditLog log)
    {
        Uri endpoint = connection.Endpoint.Root;
        (_store, _lease) = OpenJournal(settings, time, log);
        RunJournal runs = new(_store, _lease);
        Run = new RunTracker(runs, settings.Run, settings.Limits, breaker, time, log);

        string account = AccountFingerprint.Of(connection.ApiKey);
        Journal = new EditJournal(_store, _lease, Run.Id) { Account = account };
        Writes = new JournalRetryQueue(log);
        Clients = new SegmindClients(connection, settings, account, time, log);
        Temporaries = new TemporaryFiles(TextHash.Of(_store.Path).Substring(0, 8), _lease.Token, _lease.IsAlive);

        Hasher = new ImageHasher(new ImageHashes(_store));
        AccountJournal accountJournal = new(_store, _lease, endpoint.AbsoluteUri, account);
        Reconciler reconciler = new(Clients.History, Journal, accountJournal, settings.SettlingTime, time, log);
        Claims = new EditClaims(Journal, Writes, reconciler, Temporaries, endpoint, settings.Resubmit, time);
        Submitter = new JobSubmitter(Clients.Client, Clients.Storage, Journal, Writes, breaker, time, log);
        Poller = new JobPoller(Clients.Client, new Latencies(new LatencyJournal(_store, endpoint.AbsoluteUri)), settings, time, log);
        ResultDownloader downloader = new(Clients.Download, Journal, Writes, Temporaries, settings.Run, settings.Timeout, time, log);
        Receiver = new ResultReceiver(Clients.Client, Poller, downloader, reconciler, Journal, time);
        Sync = settings.Transport == EditTransport.Sync
            ? new SyncJobRunner(Clients.Client, Submitter, downloader, Receiver, Clients.Download, log)
            : null;

        Cost = new CostLimit(settings.Limits.Cost, settings.Limits.Consent, model => Journal.RecentCost(endpoint.AbsoluteUri, model)?.Highest, breaker);
        Jobs = settings.Limits.IgnoreExpiry ? null : new JobLimit(runs, Journal, endpoint.AbsoluteUri, time, breaker);
    }

    internal RunTracker Run { get; }

    internal EditJournal Journal { get; }

    internal JournalRetryQueue Writes { get; }

    internal SegmindClients Clients { get; }

    internal TemporaryFiles Temporaries { get; }

    internal ImageHasher Hasher { get; }

    internal EditClaims Claims { get; }

    internal JobSubmitter Submitter { get; }

    internal JobPoller Poller { get; }

    internal ResultReceiver Receiver { get; }

    /// <summary>Submits and receives with one request; <see langword="null"/> if jobs are submitted and polled.</summary>
    internal SyncJobRunner? Sync { get; }

    internal CostLimit Cost { get; }

    /// <summary>Limits the jobs that are left at the service; <see langword="null"/> for no limit.</summary>
    internal JobLimit? Jobs { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Run.Dispose();
        Clients.Dispose();
        _lease.Dispose();
        _store.Dispose();
    }

    private static (JournalStore Store, SessionLease Lease) OpenJournal(EditSettings settings, TimeProvider time, IEditLog log)
    {
        var store = JournalStore.Open(settings.JournalPath, settings.Stopped);
        SessionLease lease = new(store, time);
        try
        {
            // Checks that locks work in the journal's folder.
            _ = lease.File;
        }
        catch
        {
            store.Dispose();
            throw;
        }

        if (JournalLocation.MayGroupWrite(store.Path))
        {
            log.Warning($"The journal {store.Path} can be written by other users of its group, who could cause edits to be paid for again.");
        }

        return (store, lease);
    }
}
