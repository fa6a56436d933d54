using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QuickStart.Hosting;

namespace QwenEdit.Benchmarks.Contenders;

/// <summary>PowerShell's real engine, without the module until a script imports it.</summary>
internal sealed class ScriptContender : IContender, IDisposable
{
    private readonly Runspace _runspace = ScriptRunspace.Open(new ScriptHost(new ScriptHostUI(TextWriter.Null, TextWriter.Null, width: 120)));

    /// <inheritdoc/>
    public async Task<Lap> RunAsync(Order order)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        // Nothing that comes out is kept: a user's pipeline and console do not keep it either.
        int count = 0;
        List<long> levels = [];
        int errors = 0;
        ErrorRecord? firstError = null;
        using PSDataCollection<PSObject> output = new() { BlockingEnumerator = false };
        output.DataAdded += (_, _) =>
        {
            count++;
            output.ReadAll();
            if (order.LevelsAt.Contains(count))
            {
                levels.Add(HeldNow());
            }
        };
        shell.Streams.Error.DataAdded += (_, _) =>
        {
            foreach (ErrorRecord error in shell.Streams.Error.ReadAll())
            {
                firstError ??= error;
                errors++;
            }
        };
        shell.Streams.Warning.DataAdded += (_, _) => shell.Streams.Warning.ReadAll();
        shell.Streams.Progress.DataAdded += (_, _) => shell.Streams.Progress.ReadAll();
        using PSDataCollection<PSObject> noInput = [];
        noInput.Complete();
        await shell.AddScript(order.Script).InvokeAsync(noInput, output);
        return errors == 0 || order.ErrorsExpected
            ? new Lap { Count = count, Levels = levels }
            : throw new InvalidOperationException($"{errors} errors, of which the first is: {firstError}");
    }

    // What is resident once the runtime has collected all that it can, and handed it back.
    private static long HeldNow()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }

    /// <inheritdoc/>
    public void Dispose() => _runspace.Dispose();
}
