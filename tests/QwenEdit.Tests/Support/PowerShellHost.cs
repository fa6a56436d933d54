using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

namespace QwenEdit.Tests.Support;

/// <summary>
/// A fresh runspace of PowerShell's engine in the test's own process, with all commands of PowerShell, and with the module from <c>out/QwenEdit</c>
/// unless asked otherwise. Nobody sits at it: what is shown or asked at a prompt is tested in the real shell, with Pester.
/// </summary>
public sealed class PowerShellHost : IDisposable
{
    private readonly Runspace _runspace;

    // The engine would report its use to its maker; it looks for this once, when it starts.
    static PowerShellHost() => Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");

    private PowerShellHost()
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = ExecutionPolicy.Bypass;
        }

        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
    }

    /// <summary>Opens a runspace with the built module imported.</summary>
    public static PowerShellHost Open()
    {
        PowerShellHost host = OpenBare();
        using PowerShell shell = PowerShell.Create(host._runspace);
        shell.AddCommand("Import-Module").AddParameter("Name", BuiltModule.Manifest).AddParameter("ErrorAction", "Stop").Invoke();
        return host;
    }

    /// <summary>Opens a runspace without the module.</summary>
    public static PowerShellHost OpenBare() => new();

    /// <summary>Sets a variable of the session.</summary>
    public PowerShellHost Set(string name, object? value)
    {
        _runspace.SessionStateProxy.SetVariable(name, value);
        return this;
    }

    /// <summary>Runs a script to its end; a terminating error is in the run, not thrown.</summary>
    public ScriptRun Run(string script, params object?[] input)
    {
        using RunningScript running = Start(script, input);
        return running.Completion.GetAwaiter().GetResult();
    }

    /// <summary>Runs a script to its end, without holding the test's thread.</summary>
    public async Task<ScriptRun> RunAsync(string script, params object?[] input)
    {
        using RunningScript running = Start(script, input);
        return await running.Completion;
    }

    /// <summary>Starts a script, to be watched and stopped.</summary>
    /// <param name="script">The script; its <c>$input</c> is <paramref name="input"/>.</param>
    /// <param name="input">What is piped into the script.</param>
    public RunningScript Start(string script, params object?[] input)
    {
        PowerShell shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        return new RunningScript(shell, input);
    }

    /// <summary>The text that objects have on a screen of the given width, by the module's views.</summary>
    public string Render(IEnumerable<object?> objects, int width = 120)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        return string.Concat(shell.AddCommand("Out-String").AddParameter("Width", width).Invoke<string>(objects));
    }

    /// <inheritdoc/>
    public void Dispose() => _runspace.Dispose();
}
