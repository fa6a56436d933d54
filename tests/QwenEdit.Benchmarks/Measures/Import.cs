using System.Reflection;
using QwenEdit.Benchmarks.Contenders;
using QwenEdit.Benchmarks.Processes;

namespace QwenEdit.Benchmarks.Measures;

/// <summary>
/// What <c>Import-Module</c> takes in a fresh process, over a binary module with nothing in it: in PowerShell as it is installed, compiled ahead of
/// time, and in the engine as its package brings it, which compiles itself meanwhile.
/// </summary>
internal sealed class Import : IMeasure
{
    private static readonly string EmptyModule = typeof(Import).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "EmptyModule").Value!;

    /// <inheritdoc/>
    public string Name => "import";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(Extent extent) =>
    [
        .. await InAsync("PowerShell as installed", ContenderProcess.StartCompiled, extent),
        .. await InAsync("the engine's package", () => ContenderProcess.Start(ContenderLoop.Script), extent),
    ];

    private static async Task<IEnumerable<Figure>> InAsync(string engine, Func<ContenderProcess> start, Extent extent)
    {
        Sample empty = new();
        Sample manifest = new();
        Sample module = new();
        Sample over = new();
        for (int round = 0; round < 2 * extent.Repetitions; round++)
        {
            empty.Add(await TakeAsync(start, Order(EmptyModule)));
            manifest.Add(await TakeAsync(start, Order(Path.ChangeExtension(EmptyModule, ".psd1"))));
            module.Add(await TakeAsync(start, ModuleScript.Import));
            over.Add(module.Readings[^1] - empty.Readings[^1]);
        }

        string measure = $"Import-Module, fresh process, {engine}";
        return
        [
            new Figure(measure, "an empty binary module", empty.Show("0", " ms")),
            new Figure(measure, "the same with a manifest", manifest.Show("0", " ms")),
            new Figure(measure, "QwenEdit", module.Show("0", " ms")),
            new Figure($"Import-Module over an empty binary module, {engine}", "QwenEdit", over.Show("0", " ms"), "", "≤ 50 ms", over.Median <= 50),
        ];
    }

    private static Order Order(string module) => new() { Script = $"Import-Module {ModuleScript.Quote(module)}" };

    private static async Task<double> TakeAsync(Func<ContenderProcess> start, Order import)
    {
        using ContenderProcess host = start();
        // PowerShell itself is warm: it has loaded a script, and knows Import-Module.
        await host.RunAsync(new Order { Script = "1 | ForEach-Object { $_ }; Get-Module | Out-Null; Get-Command Import-Module | Out-Null" });
        return (await host.RunAsync(import)).Seconds * 1000;
    }
}
