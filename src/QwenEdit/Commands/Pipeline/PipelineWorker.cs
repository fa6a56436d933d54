using System.Management.Automation;

namespace QwenEdit.Commands.Pipeline;

/// <summary>Runs the work of a call in the background. Only <see cref="Cancel"/> may be called on another thread than the pipeline thread.</summary>
/// <param name="cmdlet">The cmdlet that the results are written to.</param>
/// <param name="queue">Passes results to the pipeline thread.</param>
/// <param name="progress">Shows the number of pieces of work in progress.</param>
internal sealed class PipelineWorker(PSCmdlet cmdlet, PipelineQueue queue, EditProgress progress) : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>The number of pieces of work that have not ended.</summary>
    internal int Count => _running.Count;

    /// <summary>Returns how many of them wait for their turn.</summary>
    internal Func<int> Waiting { get; set; } = () => 0;

    /// <summary>Whether the work was canceled.</summary>
    internal bool IsCanceled => _stop.IsCancellationRequested;

    /// <summary>Is canceled with the work.</summary>
    internal CancellationToken Canceled => _stop.Token;

    /// <summary>Starts a piece of work.</summary>
    /// <param name="work">Runs on another thread and has no access to the pipeline.</param>
    /// <param name="report">Writes the result, on the pipeline thread, after the work has ended.</param>
    /// <param name="fail">Writes the module's error that ended the work, on the pipeline thread. Without it, such an error is unexpected.</param>
    /// <param name="done">Called on the pipeline thread after the result or the error was written.</param>
    internal void Start<T>(
        Func<CancellationToken, Task<T>> work, Action<T> report, Action<QwenEditException>? fail = null, Action? done = null)
    {
        Task? running = null;
        running = Task.Run(() => work(_stop.Token)).ContinueWith(
            ended => queue.Add(_ => Finish(running!, ended, report, fail, done)),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        _running.Add(running);
        progress.Started++;
        progress.Show(_running.Count - Waiting());
    }

    /// <summary>Writes everything that is in the queue.</summary>
    internal void WriteWaiting()
    {
        while (queue.TryTake(out Action<PSCmdlet>? write))
        {
            write!(cmdlet);
        }
    }

    /// <summary>Waits for at most 250 ms for the next write, and does it.</summary>
    /// <exception cref="OperationCanceledException"/>
    internal void WriteNext()
    {
        progress.Show(_running.Count - Waiting());
        if (queue.TryTake(out Action<PSCmdlet>? write, Tick, _stop.Token))
        {
            write!(cmdlet);
        }
    }

    /// <summary>Waits for all work and writes the results.</summary>
    /// <exception cref="OperationCanceledException"/>
    internal void WriteAll()
    {
        while (_running.Count > 0)
        {
            WriteNext();
        }

        WriteWaiting();
    }

    /// <summary>Cancels all work. It can be called on any thread.</summary>
    internal void Cancel() => _stop.Cancel();

    /// <summary>Cancels all work and waits for its end. No further results are written.</summary>
    internal void CancelAndAwait()
    {
        _stop.Cancel();
        Task.WaitAll([.. _running]);
        _running.Clear();
    }

    // The cancellation source is not disposed: PowerShell may stop the pipeline at the same time.
    /// <inheritdoc/>
    public void Dispose() => CancelAndAwait();

    private void Finish<T>(Task running, Task<T> ended, Action<T> report, Action<QwenEditException>? fail, Action? done)
    {
        _running.Remove(running);
        try
        {
            if (ended.Status == TaskStatus.RanToCompletion)
            {
                report(ended.Result);
            }
            else if (fail is not null && ended.Exception?.InnerException is QwenEditException error)
            {
                fail(error);
            }
            else
            {
                _stop.Token.ThrowIfCancellationRequested();
                cmdlet.WriteError(ErrorRecords.Unexpected(ended.Exception?.GetBaseException() ?? new TaskCanceledException(ended), cmdlet));
            }
        }
        finally
        {
            done?.Invoke();
        }
    }
}
