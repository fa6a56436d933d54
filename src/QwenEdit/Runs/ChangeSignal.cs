namespace QwenEdit.Runs;

/// <summary>Wakes all waiting tasks at each change.</summary>
internal sealed class ChangeSignal
{
    private TaskCompletionSource<bool> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next change. A caller gets it before it checks the state, so that it misses no change in between.</summary>
    internal Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Signals a change.</summary>
    internal void Raise() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult(true);
}
