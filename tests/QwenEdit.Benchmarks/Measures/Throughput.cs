using QwenEdit.Benchmarks.Contenders;
using QwenEdit.Benchmarks.Processes;

namespace QwenEdit.Benchmarks.Measures;

/// <summary>How near many edits at once come to the number in flight over the latency, at a latency of 1 s, with the module's own polling.</summary>
internal sealed class Throughput : IMeasure
{
    private const int Rounds = 8;
    private const int ImageBytes = 300_000;

    /// <inheritdoc/>
    public string Name => "throughput";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(Extent extent) =>
        [.. await AtAsync(16, 0.95, extent), .. await AtAsync(64, 0.92, extent)];

    private static async Task<IEnumerable<Figure>> AtAsync(int parallel, double goal, Extent extent)
    {
        using Bench bench = new(parallel * Rounds, ImageBytes);
        await using ServiceProcess service = await ServiceProcess.StartAsync("--latency", "1");
        using Field field = await Field.OpenAsync(bench, service, extent);
        Dictionary<string, Sample> taken = field.Names.Where(name => name == Field.A || Field.IsModule(name)).ToDictionary(name => name, _ => new Sample());
        for (int round = 0; round <= extent.Repetitions; round++)
        {
            foreach (string name in taken.Keys)
            {
                bench.Touch();
                Lap lap = await field.RunAsync(name, parallel, pollSeconds: 0.05, modulePollSeconds: null);
                if (round > 0)
                {
                    taken[name].Add(100 * lap.Count / lap.Seconds / parallel);
                }
            }
        }

        return taken.Select(each => new Figure(
            $"throughput of N / latency, N = {parallel}, 300 kB",
            each.Key == Field.A ? each.Key + ", polling every 50 ms" : each.Key,
            each.Value.Show("0.0", " %"),
            each.Key == Field.A ? "" : each.Value.Over(taken[Field.A]).Show("0.00", " ×"),
            each.Key == Field.A ? "" : $"≥ {100 * goal:0} %",
            each.Key == Field.A ? null : each.Value.Median >= 100 * goal));
    }
}
