namespace QwenEdit.Commands.Pipeline;

/// <summary>
/// Cancels a call when the system asks the process to end (SIGTERM, SIGHUP). The process then stays alive until the call has ended, for at most
/// four seconds.
/// </summary>
internal sealed class TerminationSignal : IDisposable
{
    // Shorter than what service managers and consoles grant a process.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);

    private readonly ManualResetEventSlim _callHasEnded = new();
    private readonly Action _cancel;
    private readonly IDisposable[] _registrations;
    private volatile bool _isReceived;

    /// <param name="cancel">Cancels the call, from any thread.</param>
    internal TerminationSignal(Action cancel)
    {
        _cancel = cancel;
        _registrations = Platform.OnTermination(Receive);
    }

    /// <summary>Whether the process is being ended.</summary>
    internal bool IsReceived => _isReceived;

    /// <summary>Lets the process end, as the call has ended.</summary>
    public void Dispose()
    {
        // The event is not disposed: a signal may arrive at the same time.
        _callHasEnded.Set();
        Array.ForEach(_registrations, registration => registration.Dispose());
    }

    // Runs on a thread of the system. The process lives until it returns.
    private void Receive()
    {
        _isReceived = true;
        _cancel();
        _callHasEnded.Wait(Longest);
    }
}
