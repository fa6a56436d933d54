using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace QuickStart.Hosting;

/// <summary>A PowerShell session on this process' console: scripts run in it one after the other, much as <c>pwsh</c> would run them.</summary>
public sealed class ConsoleSession : IDisposable
{
    /// <summary>What shells report of a command that Ctrl+C ended.</summary>
    public const int Interrupted = 130;

    /// <summary>The width of tables where there is no window to fit them to, in columns.</summary>
    private const int DefaultWidth = 120;

    private readonly ScriptHost _host;
    private readonly Runspace _runspace;

    /// <summary>Opens a session in the current folder.</summary>
    /// <param name="open">Opens the runspace, as <see cref="ScriptRunspace.OpenWithModule"/> does.</param>
    /// <param name="output">Takes what scripts show; the console's output unless given.</param>
    public ConsoleSession(Func<ScriptHost, Runspace> open, TextWriter? output = null)
    {
        _host = new ScriptHost(CreateUI(output ?? Console.Out));
        _runspace = open(_host);
    }

    /// <summary>Whether what is shown may be coloured.</summary>
    public bool Color => _host.UI.Color;

    /// <summary>Moves the session to a folder.</summary>
    public void SetLocation(string folder) => _runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(folder));

    /// <summary>Runs a script.</summary>
    /// <param name="script">Its text.</param>
    /// <param name="stop">Stops it, as Ctrl+C does.</param>
    /// <returns>The code of its <c>exit</c>; else 0, 1 where an error ended it, or <see cref="Interrupted"/>.</returns>
    public int Run(string script, CancellationToken stop)
    {
        try
        {
            Show(shell => shell.AddScript(script), stop);
            return stop.IsCancellationRequested ? Interrupted : _host.ExitCode ?? 0;
        }
        catch (RuntimeException) when (stop.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (ParseException exception)
        {
            // PowerShell's view of it is empty where the text comes from no file.
            _host.UI.WriteErrorLine(PSStyle.Instance.Formatting.Error + exception.Message);
            return 1;
        }
        catch (RuntimeException exception)
        {
            Show(shell => shell.AddScript("$args[0]").AddArgument(exception.ErrorRecord), stop);
            return _host.ExitCode ?? 1;
        }
        finally
        {
            _host.UI.ProgressLine?.Hide();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _runspace.Dispose();

    private static ScriptHostUI CreateUI(TextWriter output)
    {
        int width = Console.IsOutputRedirected || Console.WindowWidth <= 0 ? DefaultWidth : Console.WindowWidth;
        bool colors = ConsoleColors.Available();
        return new ScriptHostUI(output, Console.Error, width)
        {
            Color = colors && !Console.IsOutputRedirected,
            ProgressLine = colors && !Console.IsErrorRedirected ? new ProgressLine(Console.Error, width) : null,
        };
    }

    private void Show(Action<PowerShell> command, CancellationToken stop)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        command(shell);
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.AddCommand("Out-Default");
        // Begun first: a stop that comes before the beginning would be lost.
        IAsyncResult running = shell.BeginInvoke();
        using (stop.Register(shell.Stop))
        {
            shell.EndInvoke(running);
        }
    }
}
