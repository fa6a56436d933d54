using System.Management.Automation;
using QwenEdit.Commands.Parameters;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Editing;

namespace QwenEdit.Commands.Base;

/// <summary>A cmdlet over the journal alone: no network, no key.</summary>
public abstract class JournalCommand : PSCmdlet, IDisposable
{
    // Left to the collector: PowerShell may stop the pipeline while the command is disposed.
    private readonly CancellationTokenSource _stop = new();
    private OfflineJournal? _book;

    private protected JournalCommand()
    {
    }

    /// <summary>
    /// The file of the journal, which records every edit. Without this parameter, it is the file that the environment variable QWENEDIT_JOURNAL
    /// names, or else the journal of the user.
    /// </summary>
    /// <remarks>
    /// The journal of the user is <c>%LOCALAPPDATA%\QwenEdit\journal.db</c> on Windows, and <c>~/.local/state/qwenedit/journal.db</c> on other
    /// systems. It must be on a local disk. Runs that should know each other's edits use the same journal. See about_QwenEdit_Journal.
    /// </remarks>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    private protected OfflineJournal Book => _book!;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            _book = new OfflineJournal(JournalPathResolver.Find(this, JournalPath), TimeProvider.System, _stop.Token);
        }
        catch (QwenEditException exception)
        {
            ThrowTerminatingError(ErrorRecords.From(exception, JournalPath));
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the journal.</summary>
    /// <param name="disposing">Whether it is called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _book?.Dispose();
        }
    }
}
