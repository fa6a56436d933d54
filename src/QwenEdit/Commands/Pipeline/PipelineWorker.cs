using System.Management.Automation;
using QwenEdit.Journal;

namespace QwenEdit.Commands.Pipeline;

/// <summary>The work of a call that is under way on other threads. All of it but <see cref="Cancel"/> is for the pipeline thread.</summary>
/// <param name="cmdlet">What the work's results are written to.</param>
/// <param name="queue">What the work has for the pipeline thread.</param>
/// <param name="progress">Shows how much is under way.</param>
internal sealed class PipelineWorker(PSCmdlet cmdlet, PipelineQueue queue, EditProgress progress) : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>How many pieces are under way.</summary>
    internal int Count => _running.Count;

    /// <summary>How many of them wait for their turn.</summary>
    internal Func<int> Waiting { get; set; } = () => 0;

    /// <summary>Whether it was cancelled.</summary>
    internal bool IsCanceled => _stop.IsCancellationRequested;

    /// <summary>When it is cancelled.</summary>
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

    /// <summary>Writes what waits to be written.</summary>
    internal void WriteWaiting()
    {
        while (queue.TryTake(out Action<PSCmdlet>? write))
        {
            write!(cmdlet);
        }
    }

    /// <summary>Waits a moment for something to write, and writes it.</summary>
    /// <exception cref="OperationCanceledException"/>
    internal void WriteNext()
    {
        progress.Show(_running.Count - Waiting());
        if (queue.TryTake(out Action<PSCmdlet>? write, Tick, _stop.Token))
        {
            write!(cmdlet);
        }
    }

    /// <summary>Waits until no work is left, and writes all that comes of it.</summary>
    /// <exception cref="OperationCanceledException"/>
    internal void WriteAll()
    {
        while (_running.Count > 0)
        {
            WriteNext();
        }

        WriteWaiting();
    }

    /// <summary>Has all work come to its end, from any thread.</summary>
    internal void Cancel() => _stop.Cancel();

    /// <summary>Has all work come to its end, and waits for it. Nothing more of it is written.</summary>
    internal void CancelAndAwait()
    {
        _stop.Cancel();
        Task.WaitAll([.. _running]);
        _running.Clear();
    }

    // The source of the stop is left to the collector: PowerShell may stop the pipeline at the same time.
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
