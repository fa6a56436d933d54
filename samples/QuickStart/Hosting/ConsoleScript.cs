using System.Management.Automation.Runspaces;
using System.Text;

namespace QuickStart.Hosting;

/// <summary>Runs one script on this process' console, much as <c>pwsh -Command</c> would.</summary>
public static class ConsoleScript
{
    /// <summary>Runs a script; Ctrl+C stops it.</summary>
    /// <param name="open">Opens the runspace, as <see cref="ScriptRunspace.OpenWithModule"/> does.</param>
    /// <param name="script">The script's text.</param>
    /// <returns>The code of the script's <c>exit</c>; else 0, 1 where an error ended it, or 130 after Ctrl+C.</returns>
    public static int Run(Func<ScriptHost, Runspace> open, string script)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using StopSignal stop = new();
        using ConsoleSession session = new(open);
        return session.Run(script, stop.Token);
    }
}
