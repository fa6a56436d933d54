using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Jobs;

namespace QwenEdit.Emulator.Records;

/// <summary>The record of every request received and every job accepted. Safe for several threads.</summary>
public sealed class Ledger
{
    private readonly RequestLog log;
    private readonly JobQueue jobs;

    internal Ledger(RequestLog log, JobQueue jobs) => (this.log, this.jobs) = (log, jobs);

    /// <summary>All requests in the order of arrival, as they are now. Requests to the control API and the status page are not included.</summary>
    public IReadOnlyList<LedgerRequest> Requests => log.Read();

    /// <summary>All jobs in the order of acceptance, as they are now.</summary>
    public IReadOnlyList<LedgerJob> Jobs => jobs.LookAtAll(LedgerJob.Of);

    /// <summary>The total cost of all jobs, in credits.</summary>
    public decimal Billed => jobs.WithMoney(() => jobs.LookAtAll((job, _) => job.Billed).Sum());

    /// <summary>The requests on one route.</summary>
    public IReadOnlyList<LedgerRequest> RequestsOn(ApiRoute route) => [.. Requests.Where(request => request.Route == route)];

    /// <summary>
    /// Waits until a request matches, for example because it was answered or met a fault. A request that matches already counts.
    /// </summary>
    public Task<LedgerRequest> WaitForAsync(Func<LedgerRequest, bool> fits, CancellationToken cancellationToken = default) =>
        log.WaitForAsync(fits, cancellationToken);
}
