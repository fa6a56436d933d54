using System.Globalization;
using QwenEdit.Benchmarks.Contenders;
using QwenEdit.Benchmarks.Processes;

namespace QwenEdit.Benchmarks.Measures;

/// <summary>The most memory that is resident, over that of PowerShell before it imports the module, sixteen edits at once.</summary>
internal sealed class Memory : IMeasure
{
    private const int Parallel = 16;
    private const double Megabyte = 1024 * 1024;

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(Extent extent) =>
    [
        .. await OfAsync("100 kB", 100_000, extent.Images, extent),
        .. await OfAsync("1.5 MB", 1_500_000, extent.Images / 10, extent),
        .. await OfAsync("40 MB", 40_000_000, 64, extent),
    ];

    private static async Task<IEnumerable<Figure>> OfAsync(string size, int bytes, int count, Extent extent)
    {
        using Bench bench = new(1, bytes);
        await using ServiceProcess service = await ServiceProcess.StartAsync("--latency", "0.1");
        (string Name, ContenderTask Import, Sample Over, Sample Growth)[] builds =
        [
            (Field.Module, ModuleScript.Import, new Sample(), new Sample()),
            .. extent.Against is { } other ? [(Field.OtherBuild, ModuleScript.ImportFrom(other), new Sample(), new Sample())]
                : Array.Empty<(string, ContenderTask, Sample, Sample)>(),
        ];
        int tenth = count / 10;
        for (int turn = 0; turn < extent.Repetitions * builds.Length; turn++)
        {
            (_, ContenderTask import, Sample over, Sample growth) = builds[turn % builds.Length];
            using ContenderProcess host = ContenderProcess.StartPowerShell();
            await host.RunAsync(new ContenderTask { Script = "1..1000 | ForEach-Object { [pscustomobject]@{ Number = $_ } } | Out-Null" });
            long bare = ProcessFacts.Peak(host.Process);
            await host.RunAsync(import);
            // One call for all of them, which writes down on its way what its peak was at the first tenth.
            string results = bench.NewResults();
            string mark = Path.Combine(results, "tenth");
            Lap lap = await host.RunAsync(Edits(bench, service, results, count, mark));
            if (lap.Count != count)
            {
                throw new InvalidOperationException($"{lap.Count} of {count} images came.");
            }

            over.Add((ProcessFacts.Peak(host.Process) - bare) / Megabyte);
            growth.Add((ProcessFacts.Peak(host.Process) - long.Parse(await File.ReadAllTextAsync(mark), CultureInfo.InvariantCulture)) / Megabyte);
            await service.ResetAsync();
        }

        return builds.SelectMany(IEnumerable<Figure> (build) =>
        {
            string which = build.Name == Field.Module ? "" : $", {build.Name}";
            Figure peak = new(
                $"peak memory over the bare host, N = {Parallel}", $"{count} × {size}{which}", build.Over.Show("0.0", " MB"), "", "≤ 60 MB", build.Over.Median <= 60);
            Figure grown = new(
                $"growth of the peak from image {tenth} to {count}", size + which, build.Growth.Show("0.0", " MB"), "", "≤ 5 MB", build.Growth.Median <= 5);
            return tenth >= 1000 ? [peak, grown] : [peak];
        });

        // The results go at once: thousands of them would fill the disk.
        static ContenderTask Edits(Bench bench, ServiceProcess service, string results, int count, string mark) => new()
        {
            Script = $$"""
                $script:done = 0
                1..{{count}} |
                    ForEach-Object { [pscustomobject]@{ Path = {{ModuleScript.Quote(bench.FirstImage)}}; DestinationPath = {{ModuleScript.Quote(results)}} + "/$_.png" } } |
                    {{ModuleScript.Invoke(bench, service, Parallel, 0.05)}} |
                    ForEach-Object {
                        [IO.File]::Delete($_.Destination)
                        if (++$script:done -eq {{count / 10}}) {
                            [IO.File]::WriteAllText({{ModuleScript.Quote(mark)}}, [Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64)
                        }
                        $_
                    }
                """,
        };
    }
}
