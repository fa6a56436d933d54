using Microsoft.Data.Sqlite;
using QwenEdit.Commands.Parameters;

namespace QwenEdit.Journal;

/// <summary>
/// The edits of the journal: each is taken by one session at a time. Every step of its life is a commit, and each that a promise rests on is on
/// the disk when it returns. These need not be, as a journal that lost them tells the same after a loss of power:
/// <list type="bullet">
/// <item>the taking of a new edit: nothing is sent for it before <see cref="Submitting"/>, which is durable, and all before it with it;</item>
/// <item><see cref="Received"/>: <see cref="Arriving"/> had written down by what the file is known;</item>
/// <item><see cref="Release"/>: the owner that it would have removed is dead.</item>
/// </list>
/// </summary>
internal sealed class EditJournal(JournalStore store, SessionLease session, long? run = null) : EditReader(store)
{
    /// <summary>The account that edits are sent for.</summary>
    internal string? Account { get; init; }

    /// <summary>
    /// Takes an edit for this session. One that the journal does not have is written down as <see cref="EditState.Prepared"/>; one that a session
    /// left behind while it was being sent becomes <see cref="EditState.Unknown"/>.
    /// </summary>
    /// <param name="fresh">The edit as it would be written down.</param>
    /// <param name="entry">The edit as the journal has it now.</param>
    /// <param name="busy">The living session that works on it, where one does; then it was not taken.</param>
    internal bool TryClaim(EditEntry fresh, out EditEntry entry, out SessionOwner? busy)
    {
        // One that is there may have left something behind, which only its present owner's name leads to.
        (entry, busy) = Store.WriteSoon(connection => Insert(connection, fresh) ? TakeInserted(connection) : default((EditEntry, SessionOwner?)?))
            ?? Store.Write(connection =>
            {
                Insert(connection, fresh);
                return TakeInserted(connection);
            });
        return busy is null;

        (EditEntry, SessionOwner?) TakeInserted(SqliteConnection connection) => Take(
            connection, connection.Query("SELECT * FROM edit WHERE identity = $identity", EditEntry.Read, ("$identity", fresh.Identity)).Single());
    }

    /// <summary>Takes an edit that the journal has.</summary>
    internal bool TryClaim(long id, out EditEntry entry, out SessionOwner? busy)
    {
        (entry, busy) = Store.Write<(EditEntry, SessionOwner?)>(connection =>
            Take(connection, connection.Query("SELECT * FROM edit WHERE id = $id", EditEntry.Read, ("$id", id)).Single()));
        return busy is null;
    }

    /// <summary>Whether an edit was being worked on by a session that is dead now.</summary>
    internal bool IsAbandoned(EditEntry entry) =>
        entry.Owner is { } owner && owner != session.Token && Store.Read(connection => session.IsAlive(connection, owner)) is null;

    /// <summary>Lets go of an edit.</summary>
    internal void Release(EditEntry entry) => Store.WriteSoon(connection => connection.Execute(
        EditOwnership.LetGo + "id = $id AND owner = $owner", ("$id", entry.Id), ("$owner", session.Token), ("$now", session.Now)));

    /// <summary>Its image was uploaded, and is at an address. Should that be lost, it is uploaded once more, which costs nothing.</summary>
    internal void Uploaded(EditEntry entry, string imageUrl) => Expect(entry, Store.WriteSoon(connection => Set(
        connection, entry, "image_url = $image", [("$image", imageUrl)])));

    /// <summary>Before a request leaves: from here on, silence means that there may be a job.</summary>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.DestinationCollision"/>: another edit has a job whose image is to go to the same file.
    /// </exception>
    /// <param name="entry">The edit.</param>
    /// <param name="seed">The seed as it is sent.</param>
    /// <param name="now">The time.</param>
    /// <param name="imageUrl">Where the image was uploaded, if the request names that.</param>
    /// <param name="destination">Where the image is to go, if that is not where it is to go so far: see <see cref="Move"/>.</param>
    internal void Submitting(EditEntry entry, long seed, DateTimeOffset now, string? imageUrl = null, string? destination = null) => Expect(entry, Store.Write(connection =>
    {
        ExpectNoJobFor(connection, entry.Id, destination ?? entry.Destination);
        return Set(
            connection,
            entry,
            """
            state = 'Submitting', destination = coalesce($destination, destination), account = $account, silent = NULL, seed = $seed, image_url = $image, submitting = $now, submitted = NULL, ended = NULL, request_id = NULL,
            cost = NULL, remaining_credits = NULL, queue_seconds = NULL, inference_seconds = NULL, output_url = NULL, file_length = NULL, file_time = NULL,
            file_hash = NULL, error = NULL, service_accepted = NULL, service_asked = NULL,
            service_before = (SELECT max(other.service_accepted) FROM edit AS other
                WHERE other.endpoint = edit.endpoint AND other.account = $account AND other.service_accepted IS NOT NULL)
            """,
            [("$destination", destination), ("$account", Account), ("$seed", seed), ("$image", imageUrl), ("$now", now.ToUnixTimeMilliseconds())]);
    }));

    /// <summary>It provably made no job, and may be sent again.</summary>
    internal void NoJob(EditEntry entry) => ChangeJobless(entry, "state = 'Prepared'");

    /// <summary>It was refused.</summary>
    internal void Rejected(EditEntry entry, string error) => ChangeJobless(entry, "state = 'Rejected', error = $error", ("$error", error));

    /// <summary>Nobody knows whether there is a job.</summary>
    internal void Unknown(EditEntry entry, string error) => ChangeJobless(
        entry, "state = 'Unknown', silent = $now, error = $error", ("$now", session.Now), ("$error", error));

    /// <summary>What is known by now of an outcome that is unknown still.</summary>
    internal void Unsettled(EditEntry entry, string error) => Change(entry, "error = $error", ("$error", error));

    /// <summary>It is a job. That is paid for, and recorded whoever has taken the edit by now.</summary>
    /// <param name="entry">The edit.</param>
    /// <param name="requestId">The job.</param>
    /// <param name="now">The time.</param>
    /// <param name="serviceTime">The time by the service's clock.</param>
    internal void Submitted(EditEntry entry, string requestId, DateTimeOffset now, DateTimeOffset? serviceTime = null) => ChangePaid(
        entry,
        requestId,
        "state = 'Queued', request_id = $request, submitted = $now, service_accepted = $accepted, error = NULL",
        ("$request", requestId),
        ("$now", now.ToUnixTimeMilliseconds()),
        ("$accepted", serviceTime?.ToUnixTimeMilliseconds()));

    /// <summary>The job has ended well, and here is the image.</summary>
    internal void Completed(
        EditEntry entry, DateTimeOffset now, string? outputUrl, decimal? cost, decimal? remainingCredits, double? queueSeconds, double? inferenceSeconds) => ChangePaid(
        entry,
        entry.RequestId,
        """
        state = 'Completed', ended = coalesce(ended, $now), output_url = $url, cost = $cost, remaining_credits = $remaining,
        queue_seconds = $queue, inference_seconds = $inference, error = NULL
        """,
        ("$now", now.ToUnixTimeMilliseconds()),
        ("$url", outputUrl),
        ("$cost", (double?)cost),
        ("$remaining", (double?)remainingCredits),
        ("$queue", queueSeconds),
        ("$inference", inferenceSeconds));

    /// <summary>The job has ended well by the answer to its own submission, in which the image is still to come.</summary>
    /// <param name="entry">The edit, which is being sent.</param>
    /// <param name="requestId">The job, if the answer names it.</param>
    /// <param name="now">The time of the answer. The service had the job before: it is told to have been submitted when it was sent.</param>
    /// <param name="outputUrl">Where the image is, if it is not in the answer.</param>
    /// <param name="cost">In credits.</param>
    /// <param name="remainingCredits">The account's balance thereafter.</param>
    /// <param name="inferenceSeconds">How long the model took.</param>
    internal void Answered(
        EditEntry entry, string? requestId, DateTimeOffset now, string? outputUrl, decimal? cost, decimal? remainingCredits, double? inferenceSeconds) => ChangePaid(
        entry,
        requestId,
        """
        state = 'Completed', request_id = $request, submitted = submitting, ended = $now, output_url = $url, cost = $cost,
        remaining_credits = $remaining, inference_seconds = $inference, error = NULL
        """,
        ("$request", requestId),
        ("$now", now.ToUnixTimeMilliseconds()),
        ("$url", outputUrl),
        ("$cost", (double?)cost),
        ("$remaining", (double?)remainingCredits),
        ("$inference", inferenceSeconds));

    /// <summary>The job has failed.</summary>
    internal void Failed(EditEntry entry, DateTimeOffset now, string error) => Change(
        entry, "state = 'Failed', ended = $now, error = $error", ("$now", now.ToUnixTimeMilliseconds()), ("$error", error));

    /// <summary>The service has forgotten the job.</summary>
    internal void Expired(EditEntry entry, string error) => Change(entry, "state = 'Expired', error = $error", ("$error", error));

    /// <summary>The image is whole, and about to get its name: should that be the last that is heard of this session, the file is known by this.</summary>
    internal void Arriving(EditEntry entry, FileRecord file) => Change(
        entry,
        "state = 'Completed', file_length = $length, file_time = $time, file_hash = $hash",
        ("$length", file.Length),
        ("$time", file.Time),
        ("$hash", file.Hash));

    /// <summary>The image is at its destination.</summary>
    internal void Received(EditEntry entry, FileRecord file) => Expect(entry, Store.WriteSoon(connection => Set(
        connection,
        entry,
        "state = 'Received', file_length = $length, file_time = $time, file_hash = $hash, error = NULL",
        [("$length", file.Length), ("$time", file.Time), ("$hash", file.Hash)])));

    /// <summary>Forgets an edit.</summary>
    internal void Remove(EditEntry entry) =>
        Store.Write(connection => connection.Execute("DELETE FROM edit WHERE id = $id", ("$id", entry.Id)));

    /// <summary>
    /// Has the image of an edit's job go elsewhere, if no session works on it. It stays the same edit; a further job of it goes where it is asked for.
    /// </summary>
    internal void Move(long id, string destination) => Store.Write(connection => connection.Execute(
        "UPDATE edit SET destination = $destination WHERE id = $id AND owner IS NULL", ("$destination", destination), ("$id", id)));

    // With two jobs for one file, one could never be received. An unknown edit may have none.
    private void ExpectNoJobFor(SqliteConnection connection, long id, string destination)
    {
        EditEntry? other = JobsFor(connection, destination, id)
            .FirstOrDefault(edit => edit.State != EditState.Submitting || !session.IsGone(connection, edit.Owner));
        if (other is not null)
        {
            throw Collision(other);
        }
    }

    private static bool Insert(SqliteConnection connection, EditEntry fresh) => connection.Execute(
        """
        INSERT INTO edit (identity, state, source, destination, endpoint, model, prompt, fields, seed, image_format, created)
        VALUES ($identity, 'Prepared', $source, $destination, $endpoint, $model, $prompt, $fields, $seed, $format, $created)
        ON CONFLICT (identity) DO NOTHING
        """,
        ("$identity", fresh.Identity),
        ("$source", fresh.Source),
        ("$destination", fresh.Destination),
        ("$endpoint", fresh.Endpoint),
        ("$model", fresh.Model),
        ("$prompt", fresh.Prompt),
        ("$fields", fresh.Fields),
        ("$seed", fresh.Seed),
        ("$format", fresh.ImageFormat.ToString()),
        ("$created", fresh.Created.ToUnixTimeMilliseconds())) == 1;

    private (EditEntry Entry, SessionOwner? Busy) Take(SqliteConnection connection, EditEntry entry)
    {
        // This session too: the same edit twice in one call is worked on once.
        if (entry.Owner is not null && session.IsAlive(connection, entry.Owner) is { } other)
        {
            return (entry, other);
        }

        session.Appear(connection);
        return (EditOwnership.Own(connection, session, entry, session.Token, run), null);
    }

    private void Change(EditEntry entry, string set, params (string Name, object? Value)[] values) =>
        Expect(entry, Store.Write(connection => Set(connection, entry, set, values)));

    // An id that has come back meanwhile counts more: see ChangePaid.
    private void ChangeJobless(EditEntry entry, string set, params (string Name, object? Value)[] values) =>
        Expect(entry, Store.Write(connection => Set(connection, entry, set, values, "AND request_id IS NULL")));

    // What was paid for is recorded even if another session has taken the edit. If the edit has got another job by then, this one is known as an
    // earlier job of the journal's, and is no other edit's.
    private void ChangePaid(EditEntry entry, string? requestId, string set, params (string Name, object? Value)[] values) =>
        Expect(entry, Store.WritePaid(connection =>
        {
            int changed = connection.Execute(
                $"""
                UPDATE edit SET {set} WHERE id = $id AND
                    (owner = $owner OR ((request_id IS NULL OR request_id = $job) AND state NOT IN ('Received', 'Failed')))
                """,
                [.. values, ("$id", entry.Id), ("$owner", session.Token), ("$job", requestId)]);
            if (changed == 0 && requestId is not null)
            {
                connection.Execute(
                    "INSERT OR IGNORE INTO past_request SELECT $job WHERE NOT EXISTS (SELECT 1 FROM edit WHERE request_id = $job)", ("$job", requestId));
            }

            return changed;
        }));

    private int Set(SqliteConnection connection, EditEntry entry, string set, (string Name, object? Value)[] values, string condition = "") => connection.Execute(
        $"UPDATE edit SET {set} WHERE id = $id AND owner = $owner {condition}", [.. values, ("$id", entry.Id), ("$owner", session.Token)]);

    private static void Expect(EditEntry entry, int changed)
    {
        if (changed == 0)
        {
            throw new QwenEditException(EditError.EditBusy, $"The edit of {entry.Source} was taken over by another process.");
        }
    }
}
