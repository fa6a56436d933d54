using QwenEdit.Benchmarks.Contenders;
using QwenEdit.Benchmarks.Processes;

namespace QwenEdit.Benchmarks.Measures;

/// <summary>What an image costs in time and in work when the service takes none: one at a time, the same bytes in and out.</summary>
internal sealed class Overhead : IMeasure
{
    private const int MostImagesALap = 300;
    private const double PollSeconds = 0.05;

    /// <inheritdoc/>
    public string Name => "overhead";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(Extent extent)
    {
        // As many bytes a lap, whatever the size of an image.
        using Bench bench = new((int)Math.Min(MostImagesALap, (long)MostImagesALap * Extent.UsualImageBytes / extent.ImageBytes), extent.ImageBytes);
        await using ServiceProcess service = await ServiceProcess.StartAsync("--latency", "0");
        using Field field = await Field.OpenAsync(bench, service, extent);
        Dictionary<string, (Sample Time, Sample Cpu, Sample Allocated)> taken = field.Names.ToDictionary(name => name, _ => (new Sample(), new Sample(), new Sample()));
        // The first round is for the compilers.
        for (int round = 0; round <= extent.Repetitions; round++)
        {
            double pause = 0;
            foreach (string name in field.Names)
            {
                bench.Touch();
                Lap lap = await field.RunAsync(name, parallel: 1, PollSeconds, PollSeconds);
                if (name == Field.A)
                {
                    pause = lap.PauseSeconds / lap.Count;
                }

                if (round > 0)
                {
                    // One pause an image, of the length that it has here, is the polling's and not the work's.
                    taken[name].Time.Add(((lap.Seconds / lap.Count) - pause) * 1000);
                    taken[name].Cpu.Add(lap.CpuSeconds / lap.Count * 1000);
                    taken[name].Allocated.Add(lap.Allocated / 1024.0 / lap.Count);
                }
            }
        }

        return
        [
            .. Lines("time per image, without the pause before the poll", each => each.Time, "0.0", " ms", 1.3),
            .. Lines("CPU per image", each => each.Cpu, "0.0", " ms", 1.3),
            .. Lines("allocated per image", each => each.Allocated, "0", " KiB", null),
        ];

        IEnumerable<Figure> Lines(
            string measure, Func<(Sample Time, Sample Cpu, Sample Allocated), Sample> choose, string format, string unit, double? goal) =>
            field.Names.Select(name =>
            {
                Sample ratio = choose(taken[name]).Over(choose(taken[Field.A]));
                bool judged = name == Field.Module && goal is not null;
                return new Figure(
                    measure, name, choose(taken[name]).Show(format, unit), name == Field.A ? "" : ratio.Show("0.00", " ×"),
                    judged ? $"≤ {goal} ×" : "", judged ? ratio.Median <= goal : null);
            });
    }
}
