using System.Collections.Concurrent;
using System.Management.Automation;

namespace QwenEdit.Commands.Pipeline;

/// <summary>
/// What background work has for the pipeline thread, the only one that may write to PowerShell's streams. That thread sleeps while there is
/// nothing; a <see cref="BlockingCollection{T}"/> would have it spin first, each time.
/// </summary>
internal sealed class PipelineQueue : IDisposable
{
    private readonly ConcurrentQueue<Action<PSCmdlet>> _writes = new();
    private readonly AutoResetEvent _news = new(initialState: false);

    /// <summary>Wakes the pipeline thread for it.</summary>
    internal void Add(Action<PSCmdlet> write)
    {
        _writes.Enqueue(write);
        _news.Set();
    }

    /// <summary>Leaves it to be found when the pipeline thread is awake for something else, or looks by itself.</summary>
    internal void AddQuietly(Action<PSCmdlet> write) => _writes.Enqueue(write);

    /// <summary>Has background work wait for what only the pipeline thread can do, such as asking the user.</summary>
    /// <exception cref="OperationCanceledException">The call is stopped.</exception>
    internal async Task<T> AskAsync<T>(Func<PSCmdlet, T> ask, CancellationToken cancellationToken)
    {
        TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration stopped = cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
        Add(cmdlet => answer.TrySetResult(ask(cmdlet)));
        return await answer.Task.ConfigureAwait(false);
    }

    /// <summary>Takes the next, if there is one.</summary>
    internal bool TryTake(out Action<PSCmdlet>? write) => _writes.TryDequeue(out write);

    /// <summary>Takes the next, and waits for one if need be.</summary>
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
