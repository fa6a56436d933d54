using QwenEdit.Commands.Parameters;

namespace QwenEdit.Commands.Pipeline;

/// <summary>
/// Holds the first images of a pipeline back, for at most a second or a thousand of them, so that two images for one file are found before either is
/// sent. They wait in the background. When the time is over they go, as many at a time as the limit allows, and the others when results are written.
/// </summary>
/// <param name="limit">How many may be under way at the same time.</param>
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

    /// <summary>Whether it has ended, so that images are sent at once.</summary>
    internal bool HasEnded => _hasEnded;

    /// <summary>How many images wait.</summary>
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

    /// <summary>Takes note of an image's destination. The first begins the second.</summary>
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

    /// <summary>Lets the images go.</summary>
    internal void End()
    {
        lock (_lock)
        {
            _hasEnded = true;
            LetGo();
        }
    }

    /// <summary>Takes a turn for an image. Turns come in the order in which they are taken. <see cref="Leave"/> follows.</summary>
    internal TaskCompletionSource<bool> TakeTurn()
    {
        TaskCompletionSource<bool> turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Enqueue(turn);
            LetGo();
        }

        return turn;
    }

    /// <summary>Waits until an image's turn comes.</summary>
    /// <exception cref="OperationCanceledException"/>
    internal static async Task EnterAsync(TaskCompletionSource<bool> turn, CancellationToken cancellationToken)
    {
        using (cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken)))
        {
            await turn.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Gives a turn back, whether it came or not: the image has ended, and its result has been written.</summary>
    internal void Leave(TaskCompletionSource<bool> turn)
    {
        lock (_lock)
        {
            if (!turn.TrySetCanceled() && turn.Task.Status == TaskStatus.RanToCompletion)
            {
                _active--;
            }

            LetGo();
        }
    }

    private void LetGo()
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
