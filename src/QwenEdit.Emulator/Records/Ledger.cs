using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Jobs;

namespace QwenEdit.Emulator.Records;

/// <summary>The books: every request received and every job accepted. Safe to read at any time, from any thread.</summary>
public sealed class Ledger
{
    private readonly RequestLog log;
    private readonly JobQueue jobs;

    internal Ledger(RequestLog log, JobQueue jobs) => (this.log, this.jobs) = (log, jobs);

    /// <summary>All requests, in the order of arrival, as they stand now. What the control API and the status page receive is not in it.</summary>
    public IReadOnlyList<LedgerRequest> Requests => log.Read();

    /// <summary>All jobs, in the order of acceptance, as they stand now.</summary>
    public IReadOnlyList<LedgerJob> Jobs => jobs.LookAtAll(LedgerJob.Of);

    /// <summary>What all jobs together have cost, in credits.</summary>
    public decimal Billed => jobs.WithMoney(() => jobs.LookAtAll((job, _) => job.Billed).Sum());

    /// <summary>The requests on one route.</summary>
    public IReadOnlyList<LedgerRequest> RequestsOn(ApiRoute route) => [.. Requests.Where(request => request.Route == route)];

    /// <summary>
    /// Waits until a request of the books fits: because it was answered, or met a fault. Also one that was there before.
    /// </summary>
    public Task<LedgerRequest> WaitForAsync(Func<LedgerRequest, bool> fits, CancellationToken cancellationToken = default) =>
        log.WaitForAsync(fits, cancellationToken);
}
