using QwenEdit.Benchmarks.Contenders;
using QwenEdit.Benchmarks.Processes;

namespace QwenEdit.Benchmarks.Measures;

/// <summary>
/// How long a call takes without <c>-ThrottleLimit</c> and with several values of it, against services that differ in what they bear. The services run
/// side by side; at each of them the cases take turns.
/// </summary>
internal sealed class Concurrency : IMeasure
{
    private const int ImageBytes = 20_000;

    private static readonly int?[] Limits = [null, 8, 16, 64];

    private static readonly (string Name, int Images, string[] Options)[] Services =
    [
        ("1 s a job, any number at once", 240, ["--latency", "1", "--latency-spread", "0.3"]),
        ("1 s a job, 8 at once, others queue", 240, ["--latency", "1", "--latency-spread", "0.3", "--workers", "8"]),
        ("1 s a job, 60 submissions in 6 s", 240, ["--latency", "1", "--latency-spread", "0.3", "--rpm", "60", "--rate-limit-window", "6"]),
    ];

    /// <inheritdoc/>
    public string Name => "concurrency";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(Extent extent) =>
        [.. (await Task.WhenAll(Services.Select(each => AtAsync(each.Name, each.Images, each.Options, extent)))).SelectMany(figures => figures)];

    private static async Task<IEnumerable<Figure>> AtAsync(string name, int images, string[] options, Extent extent)
    {
        Sample[] seconds = [.. Limits.Select(_ => new Sample())];
        Sample[] refused = [.. Limits.Select(_ => new Sample())];
        using ContenderProcess host = ContenderProcess.StartPowerShell();
        await host.RunAsync(ModuleScript.Import);
        for (int turn = 0; turn < extent.Repetitions * Limits.Length; turn++)
        {
            int limit = turn % Limits.Length;
            // A service and a journal of its own: neither a pause after a 429 nor what is known of latencies passes from one case to the next.
            await using ServiceProcess service = await ServiceProcess.StartAsync([.. options, "--random-seed", $"{(turn / Limits.Length) + 1}"]);
            using Bench bench = new(images, ImageBytes);
            Lap lap = await host.RunAsync(ModuleScript.Edit(bench, service, bench.NewResults(), Limits[limit]));
            if (lap.Count != images)
            {
                throw new InvalidOperationException($"{name}: {lap.Count} of {images} images came.");
            }

            seconds[limit].Add(lap.Seconds);
            refused[limit].Add((await service.ReadBooksAsync()).Requests.Count(request => request.Status == 429));
        }

        return Limits.Select((limit, index) => new Figure(
            $"{images} images, {name}",
            limit is null ? "without -ThrottleLimit" : $"-ThrottleLimit {limit}",
            $"{seconds[index].Show("0.0", " s")}; refused {refused[index].Show("0")}",
            seconds[index].Over(seconds[0]).Show("0.00", " × of the first")));
    }
}
