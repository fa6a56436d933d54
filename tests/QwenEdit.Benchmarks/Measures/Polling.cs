using System.Globalization;
using QwenEdit.Benchmarks.Processes;
using QwenEdit.Commands.Parameters;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Records;

namespace QwenEdit.Benchmarks.Measures;

/// <summary>How often the service is asked for a job, and how late its end is seen, once twenty jobs were: at 8.7 s, as the service's ledger tells.</summary>
internal sealed class Polling : IMeasure
{
    private const int Parallel = 16;
    private const int Warm = 32;
    private const int Jobs = 96;

    /// <inheritdoc/>
    public string Name => "polling";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(Extent extent) =>
        [.. await AtAsync(0.1, 3.5, 0.4, extent), .. await AtAsync(0.3, 6, 0.5, extent)];

    private static async Task<IEnumerable<Figure>> AtAsync(double spread, double polls, double lag, Extent extent)
    {
        Sample polled = new();
        Sample late = new();
        for (int round = 0; round < extent.Repetitions; round++)
        {
            await using ServiceProcess service = await ServiceProcess.StartAsync(
                "--latency", "8.7", "--latency-spread", spread.ToString(CultureInfo.InvariantCulture), "--random-seed", $"{round + 1}");
            using ContenderProcess host = ContenderProcess.StartPowerShell();
            await host.RunAsync(ModuleScript.Import);
            using Bench bench = new(Warm + Jobs, 20_000);
            await host.RunAsync(ModuleScript.Edit(bench, service, bench.NewResults(), Parallel, more: $"| Select-Object -First {Warm + Jobs}"));
            Books books = await service.ReadBooksAsync();
            LedgerJob[] judged = [.. books.Jobs.Skip(Warm)];
            ILookup<string?, LedgerRequest> requests = books.Requests.ToLookup(request => request.RequestId);
            polled.Add(judged.Average(job => job.Polls));
            late.Add(judged.Average(job => Lag(job, requests[job.RequestId])));
        }

        string at = $"8.7 s, {spread:0 %} spread";
        return
        [
            new Figure("polls per job, of its state or its result", at, polled.Show("0.00"), "", $"≤ {polls}", polled.Median <= polls),
            new Figure("mean detection lag", at, late.Show("0.00", " s"), "", $"≤ {lag} s", late.Median <= lag),
        ];
    }

    // From the job's end to the first question thereafter.
    private static double Lag(LedgerJob job, IEnumerable<LedgerRequest> requests) => requests
        .Where(request => request.Route is ApiRoute.Status or ApiRoute.Result or ApiRoute.Poll && request.Time >= job.Finished)
        .Min(request => (request.Time - job.Finished!.Value).TotalSeconds);
}
