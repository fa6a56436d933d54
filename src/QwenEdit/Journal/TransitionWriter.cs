using Microsoft.Data.Sqlite;

namespace QwenEdit.Journal;

/// <summary>
/// Makes the steps of <see cref="EditTransition"/> for one session. Each returns the edit as it is then, or throws <see cref="EditError.EditBusy"/> and
/// changes nothing.
/// </summary>
internal sealed class TransitionWriter(JournalStore store, SessionLease session, long? run)
{
    /// <summary>Makes a step of an edit that this session has claimed. It is on the disk when it returns.</summary>
    internal EditEntry Step(EditEntry entry, EditTransition transition, string set, params (string Name, object? Value)[] values) =>
        store.Write(connection => Step(connection, entry, transition, set, values));

    /// <summary>Makes such a step with <see cref="JournalStore.WriteSoon"/>.</summary>
    internal EditEntry StepSoon(EditEntry entry, EditTransition transition, string set, params (string Name, object? Value)[] values) =>
        store.WriteSoon(connection => Step(connection, entry, transition, set, values));

    /// <summary>Makes such a step in a transaction that has begun.</summary>
    internal EditEntry Step(
        SqliteConnection connection, EditEntry entry, EditTransition transition, string set, params (string Name, object? Value)[] values) => connection
        .Query(
            transition.Update(set, "id = $id AND owner = $owner") + " RETURNING *",
            EditEntry.Read,
            [.. values, ("$id", entry.Id), ("$owner", session.Token)])
        .SingleOrDefault() ?? throw Refusal(connection, entry, transition);

    /// <summary>
    /// Records what was paid for, and the charge, even if another session has claimed the edit. If the edit has another job by then, this one is recorded as an
    /// earlier job of the journal, so that no edit adopts it.
    /// </summary>
    /// <param name="entry">The edit.</param>
    /// <param name="transition">The step.</param>
    /// <param name="requestId">The job, <c>$job</c>; <see langword="null"/> if it has no id.</param>
    /// <param name="cost">What it cost in credits, <c>$cost</c>; <see langword="null"/> if that is not known.</param>
    /// <param name="now">The time, <c>$now</c>.</param>
    /// <param name="set">What is recorded besides the state.</param>
    /// <param name="values">The other parameters.</param>
    internal EditEntry StepPaid(
        EditEntry entry,
        EditTransition transition,
        string? requestId,
        decimal? cost,
        DateTimeOffset now,
        string set,
        params (string Name, object? Value)[] values)
    {
        QwenEditException? refusal = null;
        EditEntry? recorded = store.WritePaid(connection =>
        {
            (string, object?)[] job = [("$id", entry.Id), ("$job", requestId), ("$cost", (double?)cost), ("$now", now.ToUnixTimeMilliseconds())];
            EditEntry? changed = connection
                .Query(transition.UpdatePaid(set) + " RETURNING *", EditEntry.Read, [.. job, .. values, ("$owner", session.Token)])
                .SingleOrDefault();
            if (changed is null)
            {
                refusal = Refusal(connection, entry, transition);
                connection.Execute(
                    "INSERT OR IGNORE INTO past_request SELECT $job WHERE $job IS NOT NULL AND NOT EXISTS (SELECT 1 FROM edit WHERE request_id = $job)",
                    ("$job", requestId));
            }

            if (cost is not null)
            {
                // A charge that is there already is the same one: a job is charged once, also if its id was found after its charge.
                connection.Execute(
                    """
                    INSERT INTO charge (edit, attempt, run, endpoint, account, model, request_id, credits, charged)
                    SELECT id, attempt, coalesce($run, run), endpoint, account, model, $job, $cost, $now FROM edit
                    WHERE id = $id AND NOT (request_id IS $job AND EXISTS (
                        SELECT 1 FROM charge WHERE charge.edit = edit.id AND charge.attempt = edit.attempt AND charge.request_id IS NULL))
                    ON CONFLICT DO NOTHING
                    """,
                    [.. job, ("$run", run)]);
            }

            return changed;
        });
        return recorded ?? throw refusal!;
    }

    private QwenEditException Refusal(SqliteConnection connection, EditEntry entry, EditTransition transition)
    {
        EditEntry? current = EditReader.Find(connection, entry.Id);
        return new QwenEditException(
            EditError.EditBusy,
            current?.Owner == session.Token
                ? $"The edit of {entry.Source} is {current!.State} by now, from which it can't become {transition.To ?? current.State}: another process has changed it."
                : $"The edit of {entry.Source} was taken over by another process.");
    }
}
