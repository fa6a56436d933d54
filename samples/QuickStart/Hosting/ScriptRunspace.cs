using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Microsoft.PowerShell;
using QuickStart.Hosting.Cmdlets;

namespace QuickStart.Hosting;

/// <summary>
/// Opens runspaces of the PowerShell engine as its package brings it: <c>Microsoft.PowerShell.Core</c> is there, and the
/// few other commands that scripts of the module want are <see cref="Commands"/>.
/// </summary>
public static class ScriptRunspace
{
    private static readonly Type[] Commands =
    [
        typeof(GetChildItemCommand),
        typeof(ImportCsvCommand),
        typeof(SelectObjectCommand),
        typeof(WriteHostCommand),
    ];

    // The engine would report its use to its maker; it looks for this once, when it starts.
    static ScriptRunspace() => Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");

    /// <summary>Opens a runspace without the module.</summary>
    public static Runspace Open(ScriptHost host)
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = ExecutionPolicy.Bypass;
        }

        foreach (Type type in Commands)
        {
            CmdletAttribute cmdlet = type.GetCustomAttribute<CmdletAttribute>()!;
            state.Commands.Add(new SessionStateCmdletEntry($"{cmdlet.VerbName}-{cmdlet.NounName}", type, helpFileName: null));
        }

        Runspace runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.Open();
        return runspace;
    }

    /// <summary>Opens a runspace with the built module.</summary>
    public static Runspace OpenWithModule(ScriptHost host)
    {
        Runspace runspace = Open(host);
        using PowerShell shell = PowerShell.Create(runspace);
        shell.AddCommand("Import-Module").AddParameter("Name", BuiltModule.Manifest).AddParameter("ErrorAction", "Stop").Invoke();
        return runspace;
    }
}
