using System.Diagnostics;
using System.Management.Automation;
using QwenEdit.Commands.Parameters;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Compatibility;
using QwenEdit.Diagnostics;
using QwenEdit.Runs;

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
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private AdaptiveConcurrency? _concurrency;
    private bool _hasAllInput;
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

    /// <summary>The maximum number of edits at the same time. Without this parameter, it starts at 8 and adapts, between 2 and 64.</summary>
    /// <remarks>
    /// It grows as long as that makes the call faster, and shrinks when the service has problems. <c>-Verbose</c> shows each change. A higher number
    /// does not exceed the account's rate limit: requests that the service rejects because of it wait and are sent again.
    /// </remarks>
    [Parameter]
    [ValidateRange(1, AdaptiveConcurrency.Most)]
    public int ThrottleLimit { get; set; } = AdaptiveConcurrency.First;

    /// <summary>How often the service was not up to a request.</summary>
    private protected virtual int Strains => 0;

    /// <summary>What background work has for the pipeline thread.</summary>
    private protected PipelineQueue Queue { get; } = new();

    /// <summary>What background work writes to.</summary>
    private protected IEditLog Log { get; set; }

    /// <summary>The call's progress bar.</summary>
    private protected EditProgress Progress { get; }

    /// <summary>How many pieces of work may be under way.</summary>
    private protected int Limit => _concurrency?.Limit ?? ThrottleLimit;

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
    /// <param name="isWork">Whether it tells how fast the service is; one that had nothing to do does not.</param>
    private protected void Start<T>(Func<CancellationToken, Task<T>> work, Action<T> report, Func<T, bool>? isWork = null)
    {
        while (_work.Count >= Limit)
        {
            _work.WriteNext();
        }

        StartAtOnce(work, report, isWork);
    }

    /// <summary>Starts a piece of work, which waits for room by itself.</summary>
    /// <param name="work">Runs on another thread and has no access to the pipeline.</param>
    /// <param name="report">Writes what came of it, on the pipeline thread.</param>
    /// <param name="isWork">Whether it tells how fast the service is; one that had nothing to do does not.</param>
    private protected void StartAtOnce<T>(Func<CancellationToken, Task<T>> work, Action<T> report, Func<T, bool>? isWork = null)
    {
        _work.Start(work, result =>
        {
            if (isWork?.Invoke(result) != false)
            {
                Adapt();
            }

            report(result);
        });
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _hasBegun = true;
        _log.WantsExchanges = this.IsDebug();
        _concurrency = MyInvocation.BoundParameters.ContainsKey(nameof(ThrottleLimit)) ? null : new AdaptiveConcurrency();
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
        _hasAllInput = true;
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

    private void Adapt()
    {
        // With the one that has ended just now. Several may have since the last one was started.
        bool isFull = !_hasAllInput && _work.Count + 1 >= _concurrency?.Limit * 3 / 4;
        if (_concurrency?.Ended(_watch.Elapsed, isFull, Strains) is { } why)
        {
            Log.Verbose($"From now on {_concurrency.Limit} edits at the same time, as {why}.", new EditEvent("throttle.changed"));
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
