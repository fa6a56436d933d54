using System.Management.Automation;
using QwenEdit.Commands.Parameters;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Compatibility;
using QwenEdit.Diagnostics;

namespace QwenEdit.Commands.Base;

/// <summary>
/// A cmdlet whose work runs in the background, a bounded number of pieces at a time. The pipeline thread starts them, and writes what
/// comes of them as they finish; on every way out they are cancelled and awaited.
/// </summary>
public abstract class AsyncCommand : PSCmdlet, IDisposable
{
    /// <summary>How long a process that is asked to end waits for the call to leave. A service manager waits longer, a console a little.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(4);

    private readonly PipelineWorker _work;
    private readonly ManualResetEventSlim _left = new();
    private readonly PipelineLog _log;
    private IDisposable[] _signals = [];
    private bool _terminated;
    private bool _hasBegun;
    private bool _ended;

    private protected AsyncCommand(string activity)
    {
        Log = _log = new PipelineLog(Queue);
        Progress = new EditProgress(this, activity);
        _work = new PipelineWorker(this, Queue, Progress) { Waiting = () => Waiting };
    }

    /// <summary>The maximum number of edits at the same time.</summary>
    /// <remarks>
    /// The default suits most accounts. A higher number makes a large call faster if the account's rate limit allows more than some 200 submissions a
    /// minute. It does not exceed that limit: requests that the service rejects because of it wait and are sent again.
    /// </remarks>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 32;

    /// <summary>What background work has for the pipeline thread.</summary>
    private protected PipelineQueue Queue { get; } = new();

    /// <summary>What background work writes to.</summary>
    private protected IEditLog Log { get; set; }

    /// <summary>The call's progress bar.</summary>
    private protected EditProgress Progress { get; }

    /// <summary>How many pieces of work have been started and wait for their turn.</summary>
    private protected virtual int Waiting => 0;

    /// <summary>Takes one pipeline record.</summary>
    private protected abstract void ProcessInput();

    /// <summary>Called when the call has begun, before anything else; whatever comes of it, <see cref="EndCall"/> follows.</summary>
    private protected virtual void BeginCall()
    {
    }

    /// <summary>Called after the last record, before the remaining work is awaited.</summary>
    private protected virtual void EndInput()
    {
    }

    /// <summary>Called when all work is done.</summary>
    private protected virtual void EndWork()
    {
    }

    /// <summary>Called once on every way out, when no work is left.</summary>
    /// <param name="completed">Whether the call came to its end by itself.</param>
    private protected virtual void EndCall(bool completed)
    {
    }

    /// <summary>Starts a piece of work, as soon as there is room for it.</summary>
    /// <param name="work">Runs on another thread and has no access to the pipeline.</param>
    /// <param name="report">Writes what came of it, on the pipeline thread.</param>
    private protected void Start<T>(Func<CancellationToken, Task<T>> work, Action<T> report)
    {
        while (_work.Count >= ThrottleLimit)
        {
            _work.WriteNext();
        }

        StartAtOnce(work, report);
    }

    /// <summary>Starts a piece of work, which waits for room by itself.</summary>
    /// <param name="work">Runs on another thread and has no access to the pipeline.</param>
    /// <param name="report">Writes what came of it, on the pipeline thread.</param>
    private protected void StartAtOnce<T>(Func<CancellationToken, Task<T>> work, Action<T> report) => _work.Start(work, report);

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _hasBegun = true;
        _log.WantsExchanges = this.IsDebug();
        _signals = Platform.OnTermination(Terminate);
        BeginCall();
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Guard(() =>
    {
        ProcessInput();
        _work.WriteWaiting();
    });

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Guard(() =>
    {
        EndInput();
        Progress.Expected = Progress.Started;
        _work.WriteAll();
        EndWork();
        Progress.Close();
        EndOnce(completed: true);
        _work.WriteWaiting();
    });

    /// <summary>When the call is stopped.</summary>
    private protected CancellationToken Stopped => _work.Canceled;

    /// <summary>Called by PowerShell on another thread when the pipeline is stopped.</summary>
    protected sealed override void StopProcessing() => _work.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        _left.Set();
        Array.ForEach(_signals, signal => signal.Dispose());
        GC.SuppressFinalize(this);
    }

    /// <summary>Awaits what still runs, and frees it.</summary>
    /// <param name="disposing">Whether it is called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _work.Dispose();
            // Still open where a command upstream threw.
            Progress.Close(afterPipeline: true);
            EndOnce(completed: false);
            Queue.Dispose();
        }
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (OperationCanceledException) when (_work.IsCanceled)
        {
            Leave();
            if (_terminated)
            {
                // The pipeline itself goes on, until the process ends.
                ThrowTerminatingError(ErrorRecords.From(
                    new QwenEditException(EditError.RunTerminated, "The system asked the process to end, and the run was left."), null));
            }

            throw new PipelineStoppedException();
        }
        catch
        {
            // Select-Object -First, -ErrorAction Stop, a throw downstream.
            Leave();
            throw;
        }
    }

    private void Leave()
    {
        _work.CancelAndAwait();
        Progress.Close();
        EndOnce(completed: false);
    }

    private void EndOnce(bool completed)
    {
        // A cmdlet that is made and never run has no call to end.
        if (!_ended && _hasBegun)
        {
            _ended = true;
            EndCall(completed);
        }
    }

    // On a thread of the system's: the process lives until it returns.
    private void Terminate()
    {
        _terminated = true;
        _work.Cancel();
        _left.Wait(Farewell);
    }
}
