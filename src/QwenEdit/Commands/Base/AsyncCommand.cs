using System.Management.Automation;
using QwenEdit.Commands.Parameters;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Diagnostics;

namespace QwenEdit.Commands.Base;

/// <summary>
/// A cmdlet of the module. Its work may run in the background; on every way out, the work is canceled and awaited. The errors of the module become
/// error records here, and nowhere else.
/// </summary>
public abstract class AsyncCommand : PSCmdlet, IDisposable
{
    private readonly PipelineLog _log;
    private TerminationSignal? _termination;
    private bool _hasBegun;
    private bool _hasEnded;

    private protected AsyncCommand(string activity)
    {
        Log = _log = new PipelineLog(Queue);
        Progress = new EditProgress(this, activity);
        Work = new PipelineWorker(this, Queue, Progress);
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

    /// <summary>What background work writes on the pipeline thread.</summary>
    private protected PipelineQueue Queue { get; } = new();

    /// <summary>The background work of the call.</summary>
    private protected PipelineWorker Work { get; }

    /// <summary>The log of the background work.</summary>
    private protected IEditLog Log { get; set; }

    /// <summary>The progress bar of the call.</summary>
    private protected EditProgress Progress { get; }

    /// <summary>Is canceled when the call is stopped.</summary>
    private protected CancellationToken Stopped => Work.Canceled;

    /// <summary>The target of an error that ends the call.</summary>
    private protected virtual object? FatalTarget => null;

    /// <summary>Called before the first record.</summary>
    private protected virtual void Begin()
    {
    }

    /// <summary>Called for each record, or once if there is no pipeline input.</summary>
    private protected abstract void ProcessInput();

    /// <summary>Called after the last record, before the remaining work is awaited.</summary>
    private protected virtual void EndInput()
    {
    }

    /// <summary>Called when all work is done.</summary>
    private protected virtual void EndWork()
    {
    }

    /// <summary>Called once on every way out of a call that has begun, when no work is left.</summary>
    /// <param name="completed">Whether the call has done all its work.</param>
    private protected virtual void EndCall(bool completed)
    {
    }

    /// <summary>Called when an error ends the call, before its record is written.</summary>
    private protected virtual void OnFatal(QwenEditException error)
    {
    }

    /// <summary>The full path of the journal.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.JournalUnavailable"/>.</exception>
    private protected string FindJournal() => JournalPathResolver.Find(this, JournalPath);

    /// <summary>Stops the call when the system asks the process to end.</summary>
    private protected void StopOnTermination() => _termination = new TerminationSignal(Work.Cancel);

    /// <summary>Runs a step for one input. An error is reported, and the call continues.</summary>
    private protected static void Try(Action step, Action<QwenEditException> report)
    {
        if (ErrorOf(step) is { } error)
        {
            report(error);
        }
    }

    /// <summary>Runs a step that the call needs. An error ends the call, also inside <see cref="Try"/>.</summary>
    private protected T Require<T>(Func<T> step)
    {
        T result = default!;
        if (ErrorOf(() => result = step()) is { } error)
        {
            EndWith(error);
        }

        return result;
    }

    /// <summary>Writes the record of an error that does not end the call.</summary>
    /// <param name="error">The error.</param>
    /// <param name="target">The input that it is about.</param>
    /// <param name="requestId">The request id of a job that may still be received.</param>
    private protected void WriteError(QwenEditException error, object? target, string? requestId = null) =>
        WriteError(ErrorRecords.From(error, target, requestId));

    /// <inheritdoc/>
    protected sealed override void BeginProcessing() => Guard(() =>
    {
        _hasBegun = true;
        _log.WantsExchanges = this.IsDebug();
        Begin();
    });

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Guard(() =>
    {
        ProcessInput();
        Work.WriteWaiting();
    });

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Guard(() =>
    {
        EndInput();
        Progress.Expected = Progress.Started;
        Work.WriteAll();
        EndWork();
        Progress.Close();
        EndOnce(completed: true);
        Work.WriteWaiting();
    });

    /// <summary>Called by PowerShell on another thread when the pipeline is stopped.</summary>
    protected sealed override void StopProcessing() => Work.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        _termination?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Cancels and awaits the remaining work.</summary>
    /// <param name="disposing">Whether it is called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Work.Dispose();
            // The bar is still open if a command upstream threw.
            Progress.Close(afterPipeline: true);
            EndOnce(completed: false);
            Queue.Dispose();
        }
    }

    private static QwenEditException? ErrorOf(Action step)
    {
        try
        {
            step();
            return null;
        }
        catch (QwenEditException error)
        {
            return error;
        }
    }

    private void Guard(Action action)
    {
        try
        {
            if (ErrorOf(action) is { } error)
            {
                EndWith(error);
            }
        }
        catch (OperationCanceledException) when (Work.IsCanceled)
        {
            Leave();
            if (_termination is { IsReceived: true })
            {
                // PowerShell does not stop the pipeline by itself before the process ends.
                Throw(new QwenEditException(EditError.RunTerminated, "The system asked the process to end, and the run was stopped."));
            }

            throw new PipelineStoppedException();
        }
        catch
        {
            // Select-Object -First, -ErrorAction Stop, a throw downstream, or an error that ends the call.
            Leave();
            throw;
        }
    }

    private void EndWith(QwenEditException error)
    {
        OnFatal(error);
        Throw(error);
    }

    private void Throw(QwenEditException error) => ThrowTerminatingError(ErrorRecords.From(error, FatalTarget));

    private void Leave()
    {
        Work.CancelAndAwait();
        Progress.Close();
        EndOnce(completed: false);
    }

    private void EndOnce(bool completed)
    {
        // A cmdlet that was created and never run has no call to end.
        if (!_hasEnded && _hasBegun)
        {
            _hasEnded = true;
            EndCall(completed);
        }
    }
}
