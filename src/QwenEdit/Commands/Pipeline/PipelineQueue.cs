using System.Collections.Concurrent;
using System.Management.Automation;

namespace QwenEdit.Commands.Pipeline;

/// <summary>
/// Passes writes from background work to the pipeline thread, the only thread that may write to PowerShell's streams. That thread sleeps while the
/// queue is empty; with a <see cref="BlockingCollection{T}"/>, it would spin first.
/// </summary>
internal sealed class PipelineQueue : IDisposable
{
    private readonly ConcurrentQueue<Action<PSCmdlet>> _writes = new();
    private readonly AutoResetEvent _news = new(initialState: false);

    /// <summary>Adds a write and wakes the pipeline thread.</summary>
    internal void Add(Action<PSCmdlet> write)
    {
        _writes.Enqueue(write);
        _news.Set();
    }

    /// <summary>Adds a write without waking the pipeline thread.</summary>
    internal void AddQuietly(Action<PSCmdlet> write) => _writes.Enqueue(write);

    /// <summary>Runs a function on the pipeline thread, such as a prompt, and waits for its result.</summary>
    /// <exception cref="OperationCanceledException">The call is stopped.</exception>
    internal async Task<T> AskAsync<T>(Func<PSCmdlet, T> ask, CancellationToken cancellationToken)
    {
        TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration stopped = cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
        Add(cmdlet => answer.TrySetResult(ask(cmdlet)));
        return await answer.Task.ConfigureAwait(false);
    }

    /// <summary>Takes the next write, if there is one.</summary>
    internal bool TryTake(out Action<PSCmdlet>? write) => _writes.TryDequeue(out write);

    /// <summary>Takes the next write, and waits for it if the queue is empty.</summary>
    /// <exception cref="OperationCanceledException"/>
    internal bool TryTake(out Action<PSCmdlet>? write, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_writes.TryDequeue(out write))
        {
            return true;
        }

        WaitHandle.WaitAny([_news, cancellationToken.WaitHandle], timeout);
        cancellationToken.ThrowIfCancellationRequested();
        return _writes.TryDequeue(out write);
    }

    /// <inheritdoc/>
    public void Dispose() => _news.Dispose();
}
