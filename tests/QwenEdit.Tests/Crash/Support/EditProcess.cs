using System.Diagnostics;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Crash.Support;

/// <summary>What a process had written when it ended.</summary>
internal sealed record EndedProcess(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    /// <summary>How many results had this status.</summary>
    internal int Count(EditOutcome status) => Output.Count(line => line.StartsWith($"{status} ", StringComparison.Ordinal));

    public override string ToString() => $"exit code {ExitCode}\n{string.Join('\n', Output)}\n{string.Join('\n', Errors)}";
}

/// <summary>A script over the built module, in a process that can be killed.</summary>
internal sealed class EditProcess : IDisposable
{
    private static readonly string Driver = Path.Combine(AppContext.BaseDirectory, "Crash", "Support", "process.ps1");

    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly Task<EndedProcess> _end;

    private EditProcess(Process process)
    {
        _process = process;
        _end = EndAsync(ReadAsync(process.StandardOutput, _output), ReadAsync(process.StandardError, _errors));
    }

    internal int Id => _process.Id;

    internal static EditProcess Start(string script, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = PowerShellTool.Describe("-File", Driver, BuiltModule.Manifest, script);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return new EditProcess(Process.Start(start)!);
    }

    /// <summary>Waits until the script has written a line, or has ended without.</summary>
    internal Task WhenWrittenAsync(string start) => Until.TrueAsync(
        () => _end.IsCompleted || Lines(_output).Any(line => line.StartsWith(start, StringComparison.Ordinal)), $"the script writes {start}");

    internal bool HasEnded => _end.IsCompleted;

    /// <summary>Ends it without asking: SIGKILL, TerminateProcess.</summary>
    internal async Task<EndedProcess> KillAsync()
    {
        _process.Kill();
        return await EndedAsync();
    }

    /// <summary>Waits for its own end.</summary>
    internal Task<EndedProcess> EndedAsync() => _end.WaitAsync(Until.Patience * 4);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<EndedProcess> EndAsync(params Task[] readers)
    {
        await Task.WhenAll(readers);
        await _process.WaitForExitAsync();
        return new EndedProcess(_process.ExitCode, Lines(_output), Lines(_errors));
    }

    private static async Task ReadAsync(StreamReader reader, List<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (lines)
            {
                lines.Add(line);
            }
        }
    }

    private static string[] Lines(List<string> lines)
    {
        lock (lines)
        {
            return [.. lines];
        }
    }
}
