using System.Runtime.InteropServices;

namespace QuickStart;

/// <summary>Turns SIGINT (Ctrl+C), SIGTERM and SIGHUP into a cancellation, so that the emulator and the shell end with this process.</summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Signals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle),
    ];

    /// <summary>Cancelled by the first signal that is not left to the shell.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Whether Ctrl+C is left to the shell: a terminal sends it to the shell as well.</summary>
    public bool ShellRuns { get; set; }

    /// <summary>Whether there was a Ctrl+C.</summary>
    public bool Interrupted { get; private set; }

    /// <summary>The exit code of a program that the signal ended: 128 and the signal's number.</summary>
    public int ExitCode { get; private set; }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        Interrupted |= context.Signal is PosixSignal.SIGINT;
        if (context.Signal is PosixSignal.SIGINT && ShellRuns)
        {
            context.Cancel = true;
            return;
        }

        ExitCode = context.Signal switch
        {
            PosixSignal.SIGHUP => 129,
            PosixSignal.SIGTERM => 143,
            _ => 130,
        };
        // A second signal ends this process at once.
        context.Cancel = !_stop.IsCancellationRequested;
        _ = _stop.CancelAsync();
    }
}
