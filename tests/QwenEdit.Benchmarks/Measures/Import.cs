using QwenEdit.Benchmarks.Contenders;
using QwenEdit.Benchmarks.Processes;

namespace QwenEdit.Benchmarks.Measures;

/// <summary>What <c>Import-Module</c> takes in a fresh PowerShell, over a binary module that comes with it.</summary>
internal sealed class Import : IMeasure
{
    /// <summary>One assembly and a manifest.</summary>
    private const string Other = "Microsoft.PowerShell.ThreadJob";

    /// <inheritdoc/>
    public string Name => "import";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(Extent extent)
    {
        Sample other = new();
        Sample module = new();
        Sample over = new();
        for (int round = 0; round < 2 * extent.Repetitions; round++)
        {
            other.Add(await TakeAsync(new ContenderTask { Script = $"Import-Module {Other}" }));
            module.Add(await TakeAsync(ModuleScript.Import));
            over.Add(module.Readings[^1] - other.Readings[^1]);
        }

        const string measure = "Import-Module, fresh process";
        return
        [
            new Figure(measure, Other, other.Show("0", " ms")),
            new Figure(measure, "QwenEdit", module.Show("0", " ms")),
            new Figure($"Import-Module over {Other}", "QwenEdit", over.Show("0", " ms"), "", "≤ 50 ms", over.Median <= 50),
        ];
    }

    private static async Task<double> TakeAsync(ContenderTask import)
    {
        using ContenderProcess shell = ContenderProcess.StartPowerShell();
        // PowerShell itself is warm: it has loaded a script, and knows Import-Module.
        await shell.RunAsync(new ContenderTask { Script = "1 | ForEach-Object { $_ }; Get-Module | Out-Null; Get-Command Import-Module | Out-Null" });
        return (await shell.RunAsync(import)).Seconds * 1000;
    }
}
