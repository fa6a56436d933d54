using System.Management.Automation;

namespace QwenEdit.Tests.Support;

/// <summary>A script on its way: what it has written so far, its end, and a way to stop it as Ctrl+C does.</summary>
public sealed class RunningScript : IDisposable
{
    private readonly PowerShell _shell;
    private readonly PSDataCollection<PSObject> _output = [];

    internal RunningScript(PowerShell shell, object?[] input)
    {
        _shell = shell;

        // A thread of its own: tests that wait for scripts must not take the threads that the scripts' work runs on.
        Completion = Task.Factory.StartNew(
            () => Run(input), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Ends when the script does, however it does.</summary>
    public Task<ScriptRun> Completion { get; }

    /// <summary>What the script has written so far.</summary>
    public IReadOnlyList<PSObject> Output => [.. Enumerable.Range(0, _output.Count).Select(index => _output[index])];

    /// <summary>Ends when the script has written that many objects, or has ended without.</summary>
    public async Task<IReadOnlyList<PSObject>> WhenOutputAsync(int count)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Check(object? sender, DataAddedEventArgs e)
        {
            if (_output.Count >= count)
            {
                reached.TrySetResult();
            }
        }

        _output.DataAdded += Check;
        Check(null, null!);
        await Task.WhenAny(reached.Task, Completion);
        _output.DataAdded -= Check;
        return Output;
    }

    /// <summary>Stops the script as Ctrl+C does, and returns what it had done.</summary>
    public async Task<ScriptRun> StopAsync()
    {
        await _shell.StopAsync(callback: null, state: null);
        return await Completion;
    }

    /// <inheritdoc/>
    public void Dispose() => _shell.Dispose();

    private ScriptRun Run(object?[] input)
    {
        ErrorRecord? terminating = null;
        try
        {
            _shell.Invoke(input, _output);
        }
        catch (PipelineStoppedException)
        {
        }
        catch (RuntimeException exception)
        {
            terminating = exception.ErrorRecord;
        }

        return new ScriptRun
        {
            Output = Output,
            Errors = [.. _shell.Streams.Error],
            TerminatingError = terminating,
            Warnings = [.. _shell.Streams.Warning.Select(record => record.Message)],
            Verbose = [.. _shell.Streams.Verbose.Select(record => record.Message)],
            Debug = [.. _shell.Streams.Debug.Select(record => record.Message)],
            Progress = [.. _shell.Streams.Progress],
            Stopped = _shell.InvocationStateInfo.State == PSInvocationState.Stopped,
        };
    }
}
