using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

namespace QuickStart.Hosting;

/// <summary>
/// Opens runspaces of the PowerShell engine as its package brings it: <c>Microsoft.PowerShell.Core</c> is there, and the
/// few other commands that scripts of the module want come from <see cref="Cmdlets"/>.
/// </summary>
public static class ScriptRunspace
{
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

        foreach (Type type in typeof(ScriptRunspace).Assembly.GetTypes().Where(type => type.Namespace == typeof(Cmdlets.SelectObjectCommand).Namespace))
        {
            if (type.GetCustomAttributes(typeof(CmdletAttribute), inherit: false) is [CmdletAttribute cmdlet])
            {
                state.Commands.Add(new SessionStateCmdletEntry($"{cmdlet.VerbName}-{cmdlet.NounName}", type, helpFileName: null));
            }
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
