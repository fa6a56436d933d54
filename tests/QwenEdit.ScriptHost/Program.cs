using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text;
using QuickStart.Hosting;

// QwenEdit.ScriptHost script.ps1 [argument …]
// Runs a script over the built module. Every object it writes is a line of the output, as PowerShell makes a text of it; every error that
// did not end it is a line of the error stream, as is the one that did. The exit code is that of its `exit`; else 0, or 1 after an error
// that ended it.
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
ScriptHost host = new(new ScriptHostUI(Console.Out, Console.Error, width: 120));
using Runspace runspace = ScriptRunspace.OpenWithModule(host);
using PowerShell shell = PowerShell.Create(runspace);
// By its text: the `exit` of a script that is called by its path ends that script alone, and would not reach the host.
shell.AddScript(File.ReadAllText(args[0]));
foreach (string argument in args.Skip(1))
{
    shell.AddArgument(argument);
}

PSDataCollection<PSObject> output = [];
output.DataAdded += (_, added) => Console.Out.WriteLine(output[added.Index]);
shell.Streams.Error.DataAdded += (_, added) => WriteError(shell.Streams.Error[added.Index]);
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    shell.BeginStop(callback: null, state: null);
};
try
{
    shell.Invoke(input: null, output);
    return host.ExitCode ?? 0;
}
catch (PipelineStoppedException)
{
    return host.ExitCode ?? 130;
}
catch (RuntimeException exception)
{
    WriteError(exception.ErrorRecord);
    return host.ExitCode ?? 1;
}

static void WriteError(ErrorRecord error) => Console.Error.WriteLine($"{error.FullyQualifiedErrorId}: {error}");
