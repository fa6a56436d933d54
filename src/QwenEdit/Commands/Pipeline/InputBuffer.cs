using QwenEdit.Commands.Parameters;

namespace QwenEdit.Commands.Pipeline;

/// <summary>
/// Holds back the first images of a pipeline, for at most one second or a thousand images, so that two images with the same destination are found
/// before either is sent. They wait in the background. After that they start in the order of the input, as many at a time as the limit allows.
/// </summary>
/// <param name="limit">Returns the maximum number of images at the same time.</param>
internal sealed class InputBuffer(Func<int> limit) : IDisposable
{
    private const int Most = 1000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private readonly Dictionary<string, int> _wanted = new(DestinationResolver.Comparer);
    private readonly Queue<TaskCompletionSource<bool>> _waiting = new();
    private Timer? _timer;
    private volatile bool _hasEnded;
    private int _count;
    private int _active;

    /// <summary>Whether images are held back no longer.</summary>
    internal bool HasEnded => _hasEnded;

    /// <summary>The number of images that wait for their turn.</summary>
    internal int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Adds the destination of an image. The second begins with the first image.</summary>
    internal void Add(string destination)
    {
        lock (_lock)
        {
            if (HasEnded)
            {
                return;
            }

            _timer ??= new Timer(_ => End(), null, Longest, Timeout.InfiniteTimeSpan);
            _wanted[destination] = _wanted.TryGetValue(destination, out int count) ? count + 1 : 1;
            _count++;
        }

        if (_count >= Most)
        {
            End();
        }
    }

    /// <summary>Whether several of the images that were held back have this destination.</summary>
    internal bool Collides(string destination)
    {
        lock (_lock)
        {
            return _wanted.TryGetValue(destination, out int count) && count > 1;
        }
    }

    /// <summary>Stops holding images back.</summary>
    internal void End()
    {
        lock (_lock)
        {
            _hasEnded = true;
            GrantTurns();
        }
    }

    /// <summary>Takes a turn for an image. Turns come in the order in which they were taken. The caller must call <see cref="Leave"/>.</summary>
    internal TaskCompletionSource<bool> TakeTurn()
    {
        TaskCompletionSource<bool> turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Enqueue(turn);
            GrantTurns();
        }

        return turn;
    }

    /// <summary>Waits until a turn comes.</summary>
    /// <exception cref="OperationCanceledException"/>
    internal static async Task EnterAsync(TaskCompletionSource<bool> turn, CancellationToken cancellationToken)
    {
        using (cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken)))
        {
            await turn.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Gives a turn back, after the result of the image was written. The turn may not have come.</summary>
    internal void Leave(TaskCompletionSource<bool> turn)
    {
        lock (_lock)
        {
            if (!turn.TrySetCanceled() && turn.Task.Status == TaskStatus.RanToCompletion)
            {
                _active--;
            }

            GrantTurns();
        }
    }

    private void GrantTurns()
    {
        while (_hasEnded && _waiting.Count > 0 && _active < limit())
        {
            if (_waiting.Dequeue().TrySetResult(true))
            {
                _active++;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();
}
