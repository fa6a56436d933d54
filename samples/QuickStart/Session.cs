using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QuickStart.Hosting;

namespace QuickStart;

/// <summary>A PowerShell session with the built module, on the console.</summary>
internal sealed class Session : IDisposable
{
    /// <summary>The exit code of a script that was stopped: 128 and the number of SIGINT, as shells have it.</summary>
    public const int Stopped = 130;

    private readonly ScriptHost _host;
    private readonly Runspace _runspace;

    private Session(ScriptHost host)
    {
        _host = host;
        _runspace = ScriptRunspace.OpenWithModule(host);
    }

    /// <summary>Opens a session in the current folder.</summary>
    public static Session Open(Terminal terminal) => new(new ScriptHost(terminal.UI));

    /// <summary>Moves the session to a folder.</summary>
    public void SetLocation(string folder) => _runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(folder));

    /// <summary>Runs commands and shows what they write.</summary>
    /// <returns>The code of their <c>exit</c>, 1 after an error that ended them, <see cref="Stopped"/>, or 0.</returns>
    public int Run(string script, CancellationToken stop) => Run(() => script, stop);

    /// <summary>Runs a script file and shows what it writes.</summary>
    /// <returns>As <see cref="Run(string, CancellationToken)"/>.</returns>
    public int RunFile(string fullPath, IEnumerable<string> arguments, CancellationToken stop) =>
        Run(() => ScriptFile.Call(fullPath, arguments), stop);

    public void Dispose() => _runspace.Dispose();

    private int Run(Func<string> script, CancellationToken stop)
    {
        try
        {
            using PowerShell shell = PowerShell.Create(_runspace);
            shell.AddScript(script());
            shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
            shell.AddCommand("Out-Default");
            // Begun first: a stop that comes before the beginning would be lost.
            IAsyncResult running = shell.BeginInvoke();
            using (stop.Register(shell.Stop))
            {
                shell.EndInvoke(running);
            }

            // A stopped pipeline may return as if it had ended, or throw.
            return stop.IsCancellationRequested ? Stopped : _host.ExitCode ?? 0;
        }
        catch (RuntimeException) when (stop.IsCancellationRequested)
        {
            return Stopped;
        }
        catch (ParseException exception)
        {
            // PowerShell's view of it is empty where the text comes from no file.
            _host.UI.WriteErrorLine(exception.Message);
            return 1;
        }
        catch (RuntimeException exception)
        {
            Show(exception.ErrorRecord);
            return 1;
        }
    }

    // Out-Default has the host write it as an error if it bears this mark, as PowerShell's own console does.
    private void Show(ErrorRecord error)
    {
        PSObject marked = new(error);
        marked.Properties.Add(new PSNoteProperty("writeErrorStream", true));
        using PowerShell shell = PowerShell.Create(_runspace);
        shell.AddCommand("Out-Default").AddParameter("InputObject", marked).Invoke();
    }
}
