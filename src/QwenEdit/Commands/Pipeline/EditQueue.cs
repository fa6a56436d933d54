using QwenEdit.Commands.Parameters;

namespace QwenEdit.Commands.Pipeline;

/// <summary>
/// The edits of a call that have not started yet, in the order of the input. Finds the edits that would be written to the same file; the first edits
/// of a pipeline are held back for this.
/// </summary>
/// <param name="limit">Returns the maximum number of edits at the same time.</param>
internal sealed class EditQueue(Func<int> limit) : IDisposable
{
    private readonly InputBuffer _buffer = new(limit);
    private readonly DestinationResolver.Register _destinations = new();
    private readonly List<EditRequest> _requests = [];
    private Dictionary<string, int> _wanted = [];
    private int _untaken;

    /// <summary>The number of edits that were not taken.</summary>
    internal int Count => _untaken + _requests.Count;

    /// <summary>The number of edits that were taken, have started and are held back.</summary>
    internal int HeldBack => _buffer.Waiting;

    /// <summary>Whether edits are held back no longer.</summary>
    internal bool HasReleased => _buffer.HasEnded;

    /// <summary>Adds edits of the command line, which are complete.</summary>
    internal void Add(IEnumerable<EditRequest> requests) => _requests.AddRange(requests);

    /// <summary>Adds edits of the pipeline, which may collide with a later one.</summary>
    internal void AddFromPipeline(IReadOnlyList<EditRequest> requests)
    {
        foreach (EditRequest request in requests)
        {
            _buffer.Add(request.Destination);
        }

        Add(requests);
    }

    /// <summary>Holds back no more edits.</summary>
    internal void Release() => _buffer.End();

    /// <summary>Takes all edits. An edit that the caller did not reach stays in <see cref="Count"/>.</summary>
    internal IEnumerable<EditRequest> TakeAll()
    {
        EditRequest[] taken = [.. _requests];
        _requests.Clear();
        _wanted = new Dictionary<string, int>(DestinationResolver.Comparer);
        foreach (EditRequest request in taken)
        {
            _wanted[request.Destination] = _wanted.TryGetValue(request.Destination, out int count) ? count + 1 : 1;
        }

        _untaken = taken.Length;
        foreach (EditRequest request in taken)
        {
            _untaken--;
            yield return request;
        }
    }

    /// <summary>Claims the destination of an edit that was taken. If several edits are known to have it, none of them gets it.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.DestinationCollision"/>.</exception>
    internal void ClaimDestination(EditRequest request)
    {
        bool collides = _wanted[request.Destination] > 1 || _buffer.Collides(request.Destination);
        if (collides || !_destinations.TryClaim(request.Destination))
        {
            throw Collision(request, isSent: !collides);
        }
    }

    /// <summary>Takes the turn of an edit that is held back. Turns come in the order in which they were taken.</summary>
    /// <returns>
    /// Enter waits for the turn and then throws <see cref="EditError.DestinationCollision"/> if a later edit has the same destination. Leave gives the
    /// turn back, after the result was written.
    /// </returns>
    internal (Func<CancellationToken, Task> Enter, Action Leave) TakeTurn(EditRequest request)
    {
        TaskCompletionSource<bool> turn = _buffer.TakeTurn();
        return (EnterAsync, () => _buffer.Leave(turn));

        async Task EnterAsync(CancellationToken cancellationToken)
        {
            await InputBuffer.EnterAsync(turn, cancellationToken).ConfigureAwait(false);
            if (_buffer.Collides(request.Destination))
            {
                throw Collision(request, isSent: false);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    private static QwenEditException Collision(EditRequest request, bool isSent) => new(
        EditError.DestinationCollision,
        $"{request.Source} and another image of this call{(isSent ? ", which was sent before," : string.Empty)} would be written to {request.Destination}. {request.Source} is not sent.");
}
