using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using QwenEdit.Benchmarks.Contenders;

namespace QwenEdit.Benchmarks.Processes;

/// <summary>A contender in a process of its own, which stays warm from one lap to the next.</summary>
internal sealed class ContenderProcess : IDisposable
{
    private static readonly string CompiledHost = typeof(ContenderProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "CompiledHost").Value!;

    private ContenderProcess(Process process) => Process = process;

    internal Process Process { get; }

    /// <summary>Starts one of this program's contenders.</summary>
    /// <param name="name">As in <see cref="ContenderLoop"/>.</param>
    internal static ContenderProcess Start(string name) =>
        Start("dotnet", typeof(ContenderProcess).Assembly.Location, ContenderLoop.Command, name);

    /// <summary>
    /// Starts a PowerShell that is compiled ahead of time, as the one that is installed is; that of <see cref="ContenderLoop.Script"/> is not.
    /// </summary>
    internal static ContenderProcess StartCompiled() => Start("dotnet", CompiledHost);

    /// <summary>Starts the one of PowerShell's own means; <see langword="null"/> where there is no <c>pwsh</c>.</summary>
    internal static ContenderProcess? StartPowerShell()
    {
        try
        {
            return Start("pwsh", "-NoProfile", "-NonInteractive", "-File", Path.Combine(AppContext.BaseDirectory, "Contenders", "contender.ps1"));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Has it do a piece of work, and measures that.</summary>
    /// <exception cref="InvalidOperationException">The work failed.</exception>
    internal async Task<Lap> RunAsync(Order order)
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

    private static ContenderProcess Start(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return new ContenderProcess(Process.Start(start)!);
    }
}
