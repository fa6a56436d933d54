using Microsoft.Data.Sqlite;

namespace QwenEdit.Journal;

/// <summary>
/// The edits of the journal. One session at a time has the claim of an edit. Each step is a commit, and returns the edit as it is then. A step that
/// a promise depends on is on the disk when it returns. These need not be, because a journal that lost them after a power failure says the same:
/// <list type="bullet">
/// <item>the claim of a new edit: nothing is sent for it before <see cref="Submitting"/>, which is durable, and everything before it with it;</item>
/// <item><see cref="Received"/>: <see cref="Writing"/> has recorded how the file is recognised;</item>
/// <item><see cref="Release"/>: the owner that it would have removed is dead.</item>
/// </list>
/// Each step throws <see cref="EditError.EditBusy"/> if another session has taken the edit over, or has recorded something after which the step is not
/// possible (see <see cref="EditTransition"/>).
/// </summary>
internal sealed class EditJournal(JournalStore store, SessionLease session, long? run = null) : EditReader(store)
{
    private readonly TransitionWriter _writer = new(store, session, run);

    /// <summary>The account that edits are sent for.</summary>
    internal string? Account { get; init; }

    /// <summary>
    /// Claims an edit for this session. A new edit is added as <see cref="EditState.Prepared"/>. An edit whose session ended while it was being sent
    /// becomes <see cref="EditState.Unknown"/>.
    /// </summary>
    /// <param name="fresh">The edit as it would be added.</param>
    /// <param name="entry">The edit as the journal has it now.</param>
    /// <param name="busy">The session that is working on it, if one is. The edit was not claimed then.</param>
    internal bool TryClaim(EditEntry fresh, out EditEntry entry, out SessionOwner? busy)
    {
        // The claim of a known edit is durable: its previous owner may have left files behind, which only the owner's name leads to.
        (entry, busy) = Store.WriteSoon(connection =>
                Find(connection, fresh.Identity) is null ? Take(connection, Insert(connection, fresh)) : default((EditEntry, SessionOwner?)?))
            ?? Store.Write(connection => Take(connection, Find(connection, fresh.Identity) ?? Insert(connection, fresh)));
        return busy is null;
    }

    /// <summary>Claims an edit that the journal has.</summary>
    internal bool TryClaim(long id, out EditEntry entry, out SessionOwner? busy)
    {
        (entry, busy) = Store.Write(connection => Take(connection, Find(connection, id) ?? throw NotInJournal(id)));
        return busy is null;
    }

    /// <summary>Whether an edit was being worked on by a session that is dead now.</summary>
    internal bool IsAbandoned(EditEntry entry) =>
        entry.Owner is { } owner && owner != session.Token && Store.Read(connection => session.IsAlive(connection, owner)) is null;

    /// <summary>Gives up the claim of an edit.</summary>
    internal void Release(EditEntry entry) => Store.WriteSoon(connection => session.Release(connection, entry));

    /// <summary>Records where the edit's image was uploaded. If that is lost, the image is uploaded again, which costs nothing.</summary>
    internal EditEntry Uploaded(EditEntry entry, string imageUrl) =>
        _writer.StepSoon(entry, EditTransition.Upload, "image_url = $image", ("$image", imageUrl));

    /// <summary>Records that a request is about to be sent. From then on, no response means that there may be a job.</summary>
    /// <param name="entry">The edit, with the source that is sent: the same image may have another path than before.</param>
    /// <param name="seed">The seed that is sent.</param>
    /// <param name="now">The time.</param>
    /// <param name="imageUrl">The URL of the uploaded image, if the request contains one.</param>
    /// <param name="destination">The destination of the image; <see langword="null"/> if it stays the same. See <see cref="Move"/>.</param>
    /// <exception cref="QwenEditException">
    /// <see cref="EditError.DestinationCollision"/>: the image of another edit's job is to be written to the same file.
    /// </exception>
    internal EditEntry Submitting(EditEntry entry, long seed, DateTimeOffset now, string? imageUrl = null, string? destination = null) => Store.Write(connection =>
    {
        ExpectNoJobFor(connection, entry.Id, destination ?? entry.Destination);
        return _writer.Step(
            connection,
            entry,
            EditTransition.Submit,
            """
            attempt = attempt + 1, source = $source, destination = coalesce($destination, destination), account = $account, seed = $seed, image_url = $image,
            submitting = $now, sent_until = NULL, submitted = NULL, ended = NULL, request_id = NULL, cost = NULL, remaining_credits = NULL,
            queue_seconds = NULL, inference_seconds = NULL, output_url = NULL, file_length = NULL, file_time = NULL, file_hash = NULL, error = NULL,
            service_accepted = NULL, service_not_after = NULL,
            service_not_before = (SELECT max(other.service_accepted) FROM edit AS other
                WHERE other.endpoint = edit.endpoint AND other.account = $account AND other.service_accepted IS NOT NULL)
            """,
            ("$source", entry.Source),
            ("$destination", destination),
            ("$account", Account),
            ("$seed", seed),
            ("$image", imageUrl),
            ("$now", now.ToUnixTimeMilliseconds()));
    });

    /// <summary>Records that the request provably created no job. It may be sent again.</summary>
    internal EditEntry NoJob(EditEntry entry) => _writer.Step(entry, EditTransition.ProveNoJob, "");

    /// <summary>Records that the service refused the request.</summary>
    internal EditEntry Rejected(EditEntry entry, string error) => _writer.Step(entry, EditTransition.Reject, "error = $error", ("$error", error));

    /// <summary>Records that it is unknown whether there is a job that can be received. A job with an id or a URL can be.</summary>
    internal EditEntry Unknown(EditEntry entry, string error) => _writer.Step(
        entry, EditTransition.LoseOutcome, "sent_until = $now, error = $error", ("$now", session.Now), ("$error", error));

    /// <summary>Records what the request history says of an edit that stays unknown.</summary>
    internal EditEntry Unsettled(EditEntry entry, string error) => _writer.Step(entry, EditTransition.LeaveUnknown, "error = $error", ("$error", error));

    /// <summary>Records the id of the edit's job.</summary>
    /// <param name="entry">The edit.</param>
    /// <param name="requestId">The id.</param>
    /// <param name="now">The time.</param>
    /// <param name="serviceTime">The time of the acceptance by the service's clock, if it is known.</param>
    internal EditEntry Submitted(EditEntry entry, string requestId, DateTimeOffset now, DateTimeOffset? serviceTime = null) => _writer.StepPaid(
        entry,
        EditTransition.Accept,
        requestId,
        null,
        now,
        "request_id = $job, submitted = $now, service_accepted = $accepted, error = NULL",
        ("$accepted", serviceTime?.ToUnixTimeMilliseconds()));

    /// <summary>Records that the job has completed, with the URL of its image and its cost in credits.</summary>
    internal EditEntry Completed(
        EditEntry entry, DateTimeOffset now, string? outputUrl, decimal? cost, decimal? remainingCredits, double? queueSeconds, double? inferenceSeconds) => _writer.StepPaid(
        entry,
        EditTransition.Complete,
        entry.RequestId,
        cost,
        now,
        """
        ended = coalesce(ended, $now), output_url = $url, cost = $cost, remaining_credits = $remaining,
        queue_seconds = $queue, inference_seconds = $inference, error = NULL
        """,
        ("$url", outputUrl),
        ("$remaining", (double?)remainingCredits),
        ("$queue", queueSeconds),
        ("$inference", inferenceSeconds));

    /// <summary>Records that the job has completed by the response to the synchronous request.</summary>
    /// <param name="entry">The edit, which is being sent.</param>
    /// <param name="requestId">The job's id, if the response names it.</param>
    /// <param name="now">The time of the response. The job was submitted when its request was sent.</param>
    /// <param name="outputUrl">The URL of the image, if the response names it.</param>
    /// <param name="cost">The cost in credits.</param>
    /// <param name="remainingCredits">The account's balance in credits afterwards.</param>
    /// <param name="inferenceSeconds">How long the model worked, in seconds.</param>
    /// <param name="file">
    /// Of a response without an id and a URL: the file of the complete image, which is all that the edit can be recognised by. It is about to be renamed.
    /// </param>
    internal EditEntry Answered(
        EditEntry entry, string? requestId, DateTimeOffset now, string? outputUrl, decimal? cost, decimal? remainingCredits, double? inferenceSeconds, FileRecord? file = null) => _writer.StepPaid(
        entry,
        file is null ? EditTransition.Answer : EditTransition.AnswerWithImage,
        requestId,
        cost,
        now,
        $"""
        request_id = $job, submitted = submitting, ended = $now, output_url = $url, cost = $cost, remaining_credits = $remaining,
        inference_seconds = $inference, {SetFile}, error = NULL
        """,
        [("$url", outputUrl), ("$remaining", (double?)remainingCredits), ("$inference", inferenceSeconds), .. Values(file)]);

    /// <summary>Records that the job has failed.</summary>
    internal EditEntry Failed(EditEntry entry, DateTimeOffset now, string error) =>
        _writer.Step(entry, EditTransition.Fail, "ended = $now, error = $error", ("$now", now.ToUnixTimeMilliseconds()), ("$error", error));

    /// <summary>Records that the service has no record of the job any more.</summary>
    internal EditEntry Expired(EditEntry entry, string error) => _writer.Step(entry, EditTransition.Expire, "error = $error", ("$error", error));

    /// <summary>Records the complete image before it is renamed. If the session ends then, the next one recognises the file.</summary>
    internal EditEntry Writing(EditEntry entry, FileRecord file) => _writer.Step(entry, EditTransition.Write, SetFile, Values(file));

    /// <summary>Records that the image is at its destination.</summary>
    internal EditEntry Received(EditEntry entry, FileRecord file) =>
        _writer.StepSoon(entry, EditTransition.Receive, SetFile + ", error = NULL", Values(file));

    /// <summary>Removes an edit. Its charges stay.</summary>
    internal void Remove(EditEntry entry) =>
        Store.Write(connection => connection.Execute("DELETE FROM edit WHERE id = $id", ("$id", entry.Id)));

    /// <summary>
    /// Changes the destination of an edit's job, if no session works on the edit. It stays the same edit: a further job has the destination that is
    /// asked for then.
    /// </summary>
    internal void Move(long id, string destination) => Store.Write(connection => connection.Execute(
        "UPDATE edit SET destination = $destination WHERE id = $id AND owner IS NULL", ("$destination", destination), ("$id", id)));

    private const string SetFile = "file_length = $length, file_time = $time, file_hash = $hash";

    private static (string Name, object? Value)[] Values(FileRecord? file) => [("$length", file?.Length), ("$time", file?.Time), ("$hash", file?.Hash)];

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

    private static EditEntry Insert(SqliteConnection connection, EditEntry fresh) => connection.Query(
        """
        INSERT INTO edit (identity, state, source, destination, endpoint, model, prompt, fields, seed, image_format, created)
        VALUES ($identity, 'Prepared', $source, $destination, $endpoint, $model, $prompt, $fields, $seed, $format, $created)
        RETURNING *
        """,
        EditEntry.Read,
        ("$identity", fresh.Identity),
        ("$source", fresh.Source),
        ("$destination", fresh.Destination),
        ("$endpoint", fresh.Endpoint),
        ("$model", fresh.Model),
        ("$prompt", fresh.Prompt),
        ("$fields", fresh.Fields),
        ("$seed", fresh.Seed),
        ("$format", fresh.ImageFormat.ToString()),
        ("$created", fresh.Created.ToUnixTimeMilliseconds())).Single();

    // Of this session too: the same edit twice in one call is worked on once.
    private (EditEntry Entry, SessionOwner? Busy) Take(SqliteConnection connection, EditEntry entry) =>
        entry.Owner is not null && session.IsAlive(connection, entry.Owner) is { } other
            ? (entry, other)
            : (session.Claim(connection, entry, run), null);
}
