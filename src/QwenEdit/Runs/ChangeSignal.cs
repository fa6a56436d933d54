namespace QwenEdit.Runs;

/// <summary>Tells all who wait that something has changed, as often as it does.</summary>
internal sealed class ChangeSignal
{
    private TaskCompletionSource<bool> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the next change. To be had before one looks at what may change, so that no change is missed in between.</summary>
    internal Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Something has changed.</summary>
    internal void Raise() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult(true);
}
