using System.Collections.Concurrent;
using QwenEdit.Diagnostics;
using QwenEdit.Journal;

namespace QwenEdit.Editing;

/// <summary>
/// Makes the writes to the journal that follow a request. A write that fails, for example because the disk is full, does not stop its edit, which may be
/// paid for. The write is kept, and retried before the next write of the edit, before the next submission and at the end of the call. The writes of
/// an edit are made in their order.
/// </summary>
/// <param name="log">Receives a warning for each edit whose writes fail.</param>
internal sealed class JournalRetryQueue(IEditLog log)
{
    private readonly ConcurrentDictionary<long, Queue<PendingWrite>> _pending = new();

    /// <summary>Makes a write, or keeps it until it can be made.</summary>
    /// <param name="entry">The edit as it is after the write, on which one thread works at a time.</param>
    /// <param name="write">Makes the write, and returns the edit as the journal has it.</param>
    /// <returns>The edit as the journal has it; <paramref name="entry"/> if the write is not made yet.</returns>
    internal EditEntry Write(EditEntry entry, Func<EditEntry> write)
    {
        EditEntry? row = null;
        string what = NameOf(entry);
        PendingWrite pending = new(what, () => row = write());
        if (!TryAppend(entry, pending) && Try(pending) is { } failure)
        {
            _pending[entry.Id] = new Queue<PendingWrite>([pending]);
            log.Warning($"{what} could not be recorded. This is retried until the call ends. {failure.Message}");
        }

        return row ?? entry;
    }

    /// <summary>Makes a write that nothing depends on. If it fails, there is a warning and no retry.</summary>
    internal void TryOnce(Action write, string what)
    {
        try
        {
            write();
        }
        catch (QwenEditException exception)
        {
            log.Warning($"{what} could not be recorded: {exception.Message}");
        }
    }

    /// <summary>Adds a write to the pending writes of its edit, if there are any.</summary>
    /// <returns>Whether there are pending writes; otherwise nothing is done.</returns>
    internal bool TryAppend(EditEntry entry, string what, Action write) => TryAppend(entry, new PendingWrite(what, write));

    /// <summary>Retries the pending writes, before another edit is paid for.</summary>
    /// <exception cref="QwenEditException">The journal's own errors: it still can't be written.</exception>
    internal void ThrowIfPending()
    {
        foreach (KeyValuePair<long, Queue<PendingWrite>> edit in _pending)
        {
            if (Retry(edit.Key, edit.Value) is { } failure)
            {
                throw failure;
            }
        }
    }

    /// <summary>Retries the pending writes for the last time.</summary>
    /// <returns><see cref="EditError.JournalIncomplete"/>, with everything that is not recorded; <see langword="null"/> if everything is.</returns>
    internal QwenEditException? End()
    {
        List<string> missing = [];
        QwenEditException? last = null;
        foreach (KeyValuePair<long, Queue<PendingWrite>> edit in _pending)
        {
            // A locked journal was waited for once. It is not waited for again for each edit.
            last = last?.Error == EditError.JournalBusy ? last : Retry(edit.Key, edit.Value) ?? last;
            lock (edit.Value)
            {
                if (edit.Value.Count > 0)
                {
                    missing.Add(edit.Value.Peek().What);
                }
            }
        }

        return missing.Count == 0 ? null : new QwenEditException(
            EditError.JournalIncomplete,
            $"The journal does not have what happened to {(missing.Count == 1 ? "1 edit that was" : $"{missing.Count} edits that were")} sent and may be paid for: {string.Join("; ", missing)}. {last!.Message}",
            last);
    }

    private static string NameOf(EditEntry entry) =>
        entry.RequestId is null ? $"The edit of {entry.Source}" : $"Request {entry.RequestId} (for {entry.Source})";

    private bool TryAppend(EditEntry entry, PendingWrite pending)
    {
        if (!_pending.TryGetValue(entry.Id, out Queue<PendingWrite>? earlier))
        {
            return false;
        }

        lock (earlier)
        {
            earlier.Enqueue(pending);
            // Another thread may have emptied and removed it meanwhile.
            _pending[entry.Id] = earlier;
        }

        Retry(entry.Id, earlier);
        return true;
    }

    private QwenEditException? Retry(long editId, Queue<PendingWrite> writes)
    {
        lock (writes)
        {
            while (writes.Count > 0)
            {
                if (Try(writes.Peek()) is { } failure)
                {
                    return failure;
                }

                writes.Dequeue();
            }

            _pending.TryRemove(editId, out _);
            return null;
        }
    }

    // Returns why the write is to be tried again.
    private QwenEditException? Try(PendingWrite pending)
    {
        try
        {
            pending.Write();
        }
        catch (QwenEditException exception) when (exception.Error is EditError.JournalUnavailable or EditError.JournalBusy or EditError.JournalDamaged)
        {
            return exception;
        }
        catch (QwenEditException exception)
        {
            log.Warning($"{pending.What} could not be recorded: {exception.Message}");
        }

        return null;
    }

    private sealed record PendingWrite(string What, Action Write);
}
