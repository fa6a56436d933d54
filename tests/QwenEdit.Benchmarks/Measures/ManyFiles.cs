using QwenEdit.Benchmarks.Contenders;
using QwenEdit.Benchmarks.Processes;

namespace QwenEdit.Benchmarks.Measures;

/// <summary>What a folder of many images takes of which none is to be sent: <c>-WhatIf</c>, and the same command once more.</summary>
internal sealed class ManyFiles : IMeasure
{
    private const int ImageBytes = 20_000;

    /// <inheritdoc/>
    public string Name => "many";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(Extent extent)
    {
        using Bench bench = new(extent.Images, ImageBytes);
        await using ServiceProcess service = await ServiceProcess.StartAsync("--latency", "0");
        using ContenderProcess host = ContenderProcess.StartPowerShell();
        await host.RunAsync(ModuleScript.Import);
        string results = bench.NewResults();

        Sample whatIf = new();
        for (int round = 0; round < extent.Repetitions; round++)
        {
            whatIf.Add((await host.RunAsync(ModuleScript.Edit(bench, service, results, 8, more: "-WhatIf"))).Seconds);
        }

        int sent = (await service.ReadBooksAsync()).Requests.Count;
        await ExpectAsync(host.RunAsync(ModuleScript.Edit(bench, service, results, 64, 0.05)), extent.Images);
        await service.ResetAsync();

        Sample again = new();
        Sample read = new();
        for (int round = 0; round < extent.Repetitions; round++)
        {
            long before = ProcessFacts.BytesRead(host.Process) ?? 0;
            again.Add((await ExpectAsync(
                host.RunAsync(ModuleScript.Edit(bench, service, results, 8, more: "| Where-Object Status -EQ Skipped")), extent.Images)).Seconds);
            read.Add(((ProcessFacts.BytesRead(host.Process) ?? 0) - before) / (double)extent.Images);
        }

        int asked = (await service.ReadBooksAsync()).Requests.Count;
        return
        [
            new Figure($"-WhatIf over {extent.Images} files", $"{sent} requests", whatIf.Show("0.00", " s"), "", "≤ 5 s, no request", whatIf.Median <= 5 && sent == 0),
            new Figure(
                $"re-run over {extent.Images} finished edits", $"{asked} requests", again.Show("0.00", " s"), "", "≤ 5 s, no request", again.Median <= 5 && asked == 0),
            new Figure(
                "bytes read per image by that re-run, the journal's included", $"images of {ImageBytes} bytes", read.Show("0"), "", "no image read", read.Median < ImageBytes / 2),
        ];
    }

    private static async Task<Lap> ExpectAsync(Task<Lap> running, int count)
    {
        Lap lap = await running;
        return lap.Count == count ? lap : throw new InvalidOperationException($"{lap.Count} of {count} images came.");
    }
}
