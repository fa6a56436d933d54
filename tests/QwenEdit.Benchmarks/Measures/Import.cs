using System.Reflection;
using QwenEdit.Benchmarks.Contenders;
using QwenEdit.Benchmarks.Processes;

namespace QwenEdit.Benchmarks.Measures;

/// <summary>What <c>Import-Module</c> takes in a fresh process, over a binary module with nothing in it.</summary>
internal sealed class Import : IMeasure
{
    private static readonly string Empty = typeof(Import).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "EmptyModule").Value!;

    /// <inheritdoc/>
    public string Name => "import";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(Extent extent)
    {
        Sample empty = new();
        Sample module = new();
        Sample over = new();
        for (int round = 0; round < 2 * extent.Repetitions; round++)
        {
            empty.Add(await TakeAsync(new Order { Script = $"Import-Module {ModuleScript.Quote(Empty)}" }));
            module.Add(await TakeAsync(ModuleScript.Import));
            over.Add(module.Readings[^1] - empty.Readings[^1]);
        }

        return
        [
            new Figure("Import-Module, fresh process", "an empty binary module", empty.Show("0", " ms")),
            new Figure("Import-Module, fresh process", "QwenEdit", module.Show("0", " ms")),
            new Figure("Import-Module over an empty binary module", "QwenEdit", over.Show("0", " ms"), "", "≤ 50 ms", over.Median <= 50),
        ];
    }

    private static async Task<double> TakeAsync(Order import)
    {
        using ContenderProcess host = ContenderProcess.Start(ContenderLoop.Script);
        // PowerShell itself is warm: it has loaded a script, and knows Import-Module.
        await host.RunAsync(new Order { Script = "1 | ForEach-Object { $_ }; Get-Module | Out-Null; Get-Command Import-Module | Out-Null" });
        return (await host.RunAsync(import)).Seconds * 1000;
    }
}
