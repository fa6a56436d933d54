using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QuickStart.Hosting;

namespace QwenEdit.Benchmarks.Contenders;

/// <summary>PowerShell's real engine, without the module until a script imports it.</summary>
internal sealed class ScriptContender : IContender, IDisposable
{
    private readonly Runspace _runspace = ScriptRunspace.Open(new ScriptHost(new ScriptHostUI(TextWriter.Null, TextWriter.Null, width: 120)));

    /// <inheritdoc/>
    public async Task<(int Count, double PauseSeconds)> RunAsync(Order order)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        // No object is kept: a user's pipeline does not keep them either.
        int count = 0;
        using PSDataCollection<PSObject> output = new() { BlockingEnumerator = false };
        output.DataAdded += (_, _) =>
        {
            count++;
            output.ReadAll();
        };
        using PSDataCollection<PSObject> noInput = [];
        noInput.Complete();
        await shell.AddScript(order.Script).InvokeAsync(noInput, output);
        return shell.Streams.Error.Count == 0 || order.ErrorsExpected
            ? (count, 0)
            : throw new InvalidOperationException($"{shell.Streams.Error.Count} errors, of which the first is: {shell.Streams.Error[0]}");
    }

    /// <inheritdoc/>
    public void Dispose() => _runspace.Dispose();
}
