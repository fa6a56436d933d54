using System.Diagnostics;
using System.Text.Json;
using QwenEdit.Benchmarks.Contenders;
using QwenEdit.Tests.Support;

namespace QwenEdit.Benchmarks.Processes;

/// <summary>A contender in a process of its own, which stays warm from one lap to the next.</summary>
internal sealed class ContenderProcess : IDisposable
{
    private ContenderProcess(Process process) => Process = process;

    internal Process Process { get; }

    /// <summary>Starts one of this program's contenders.</summary>
    /// <param name="name">As in <see cref="ContenderLoop"/>.</param>
    internal static ContenderProcess Start(string name) =>
        Start(new ProcessStartInfo("dotnet", [typeof(ContenderProcess).Assembly.Location, ContenderLoop.Command, name]));

    /// <summary>Starts a PowerShell, which runs the script of an order, or <c>Invoke-RestMethod</c> in its own ways where there is none.</summary>
    internal static ContenderProcess StartPowerShell() =>
        Start(PowerShellTool.Describe("-File", Path.Combine(AppContext.BaseDirectory, "Contenders", "contender.ps1")));

    /// <summary>Has it do a piece of work, and measures that.</summary>
    /// <exception cref="InvalidOperationException">The work failed.</exception>
    internal async Task<Lap> RunAsync(ContenderTask order)
    {
        await Process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order));
        await Process.StandardInput.FlushAsync();
        string line = await Process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("A contender has died.");
        Lap lap = JsonSerializer.Deserialize<Lap>(line)!;
        return lap.Error is null ? lap : throw new InvalidOperationException(lap.Error);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Process.Kill();
        Process.WaitForExit();
        Process.Dispose();
    }

    private static ContenderProcess Start(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        return new ContenderProcess(Process.Start(start)!);
    }
}
