using QwenEdit.Editing;

namespace QwenEdit.Commands.Base;

/// <summary>A cmdlet that uses the journal alone: no network, no key.</summary>
public abstract class JournalCommand : AsyncCommand
{
    private OfflineJournal? _journal;

    private protected JournalCommand()
        : base("Reading the journal")
    {
    }

    /// <summary>The journal.</summary>
    private protected OfflineJournal Journal => _journal!;

    /// <inheritdoc/>
    private protected sealed override object? FatalTarget => JournalPath;

    /// <inheritdoc/>
    private protected sealed override void Begin() => _journal = new OfflineJournal(FindJournal(), TimeProvider.System, Stopped);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _journal?.Dispose();
        }
    }
}
