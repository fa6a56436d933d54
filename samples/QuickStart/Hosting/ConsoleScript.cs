using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text;

namespace QuickStart.Hosting;

/// <summary>Runs a script on this process' console, much as <c>pwsh -Command</c> would.</summary>
public static class ConsoleScript
{
    /// <summary>The width of tables where there is no window to fit them to, in columns.</summary>
    private const int DefaultWidth = 120;

    /// <summary>What shells report of a command that Ctrl+C ended.</summary>
    private const int Interrupted = 130;

    /// <summary>Runs a script; Ctrl+C stops it.</summary>
    /// <param name="open">Opens the runspace, as <see cref="ScriptRunspace.OpenWithModule"/> does.</param>
    /// <param name="script">The script's text.</param>
    /// <returns>The code of the script's <c>exit</c>; else 0, 1 where an error ended it, or 130 after Ctrl+C.</returns>
    public static int Run(Func<ScriptHost, Runspace> open, string script)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        ScriptHost host = new(CreateUI());
        using Runspace runspace = open(host);
        try
        {
            PSInvocationState end = Show(runspace, shell => shell.AddScript(script));
            return host.ExitCode ?? (end == PSInvocationState.Stopped ? Interrupted : 0);
        }
        catch (RuntimeException exception)
        {
            Show(runspace, shell => shell.AddScript("$args[0]").AddArgument(exception.ErrorRecord));
            return host.ExitCode ?? 1;
        }
        finally
        {
            host.UI.ProgressLine?.Hide();
        }
    }

    private static ScriptHostUI CreateUI()
    {
        int width = Console.IsOutputRedirected || Console.WindowWidth <= 0 ? DefaultWidth : Console.WindowWidth;
        bool colors = ConsoleColors.Available();
        return new ScriptHostUI(Console.Out, Console.Error, width)
        {
            Color = colors && !Console.IsOutputRedirected,
            ProgressLine = colors && !Console.IsErrorRedirected ? new ProgressLine(Console.Error, width) : null,
        };
    }

    private static PSInvocationState Show(Runspace runspace, Action<PowerShell> command)
    {
        using PowerShell shell = PowerShell.Create(runspace);
        command(shell);
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.AddCommand("Out-Default");
        void Stop(object? sender, ConsoleCancelEventArgs e)
        {
            e.Cancel = true;
            shell.BeginStop(callback: null, state: null);
        }

        Console.CancelKeyPress += Stop;
        try
        {
            shell.Invoke();
            return shell.InvocationStateInfo.State;
        }
        finally
        {
            Console.CancelKeyPress -= Stop;
        }
    }
}
