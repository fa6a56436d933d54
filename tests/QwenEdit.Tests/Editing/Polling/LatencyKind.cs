using QwenEdit.Editing.Polling;

namespace QwenEdit.Tests.Editing.Polling;

/// <summary>A way in which a service's latencies may be spread: one job after the other, in seconds, the same at every run.</summary>
/// <param name="Name">As it is called in docs/polling.md.</param>
/// <param name="Draw">The latency of a job by its number.</param>
internal sealed record LatencyKind(string Name, Func<Chance, int, double> Draw)
{
    internal const int Jobs = 600;

    internal static IReadOnlyList<LatencyKind> All { get; } =
    [
        new("8.7 s, log-normal, 10 %", (chance, _) => 8.7 * chance.LogNormal(0.1)),
        new("8.7 s, log-normal, 30 %", (chance, _) => 8.7 * chance.LogNormal(0.3)),
        new("8.7 s, normal, 10 %", (chance, _) => Math.Max(0.1, 8.7 + (0.87 * chance.Normal()))),
        new("8.7 s, normal, 30 %", (chance, _) => Math.Max(0.1, 8.7 + (2.61 * chance.Normal()))),
        new("8.7 s, uniform, ± 30 %", (chance, _) => 8.7 * (0.7 + (0.6 * chance.Next()))),
        new("1 s, steady", (chance, _) => 1 + (0.01 * chance.Next())),
        new("60 s, steady", (chance, _) => 60 * (1 + (0.01 * chance.Next()))),
        new("60 s, log-normal, 10 %", (chance, _) => 60 * chance.LogNormal(0.1)),
        new("1 s, log-normal, 30 %", (chance, _) => chance.LogNormal(0.3)),
        new("bimodal: 40 s, or 90 s for 40 %", (chance, _) => (chance.Next() < 0.6 ? 40 : 90) * chance.LogNormal(0.05)),
        new("bimodal: 6 s, or 14 s for 40 %", (chance, _) => chance.Next() < 0.6 ? 6 + (0.4 * chance.Normal()) : 14 + (0.8 * chance.Normal())),
        new("drifting from 6 s to 14 s", (chance, job) => (6 + (8.0 * job / Jobs)) * chance.LogNormal(0.1)),
        new("heavy tail: 5 s and more (Pareto, 2)", (chance, _) => 5 / Math.Sqrt(1 - chance.Next())),
        new("sudden shifts: 8.7 s, 20 s, 5 s", (chance, job) => (job < Jobs / 3 ? 8.7 : job < Jobs * 2 / 3 ? 20 : 5) * chance.LogNormal(0.1)),
    ];

    /// <summary>The latencies of <see cref="Jobs"/> jobs.</summary>
    internal IEnumerable<double> Latencies()
    {
        Chance chance = new(7);
        for (int job = 0; job < Jobs; job++)
        {
            yield return Draw(chance, job);
        }
    }
}

/// <summary>Chance that comes out the same at every run.</summary>
internal sealed class Chance(int seed)
{
    private readonly Random _random = new(seed);

    internal double Next() => _random.NextDouble();

    internal double Normal() => Math.Sqrt(-2 * Math.Log(1 - Next())) * Math.Cos(2 * Math.PI * Next());

    internal double LogNormal(double sigma) => Math.Exp(sigma * Normal());
}
