namespace QwenEdit.Journal;

/// <summary>What can be asked of the edits of the journal, without changing anything.</summary>
internal class EditReader(JournalStore store)
{
    /// <summary>The journal's file.</summary>
    protected JournalStore Store => store;

    /// <summary>The edit of an identity, if the journal has it.</summary>
    internal EditEntry? Find(string identity) =>
        Store.Read(connection => connection.Query("SELECT * FROM edit WHERE identity = $identity", EditEntry.Read, ("$identity", identity)).FirstOrDefault());

    /// <summary>The edit of a number.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.JobNotInJournal"/>.</exception>
    internal EditEntry Find(long id) =>
        Store.Read(connection => connection.Query("SELECT * FROM edit WHERE id = $id", EditEntry.Read, ("$id", id)).FirstOrDefault())
        ?? throw new QwenEditException(EditError.JobNotInJournal, $"The journal has no edit {id}.");

    /// <summary>The edit that became this job, if the journal has it.</summary>
    internal EditEntry? FindByRequest(string requestId) =>
        Store.Read(connection => connection.Query("SELECT * FROM edit WHERE request_id = $request", EditEntry.Read, ("$request", requestId)).FirstOrDefault());

    /// <summary>The edits that have jobs to receive or outcomes to settle, those that expire first at the head.</summary>
    internal IReadOnlyList<EditEntry> Unfinished() => Store.Read(connection => connection.Query(
        "SELECT * FROM edit WHERE state NOT IN ('Received', 'Failed', 'Rejected', 'Prepared') ORDER BY coalesce(submitted, submitting), id",
        EditEntry.Read));

    /// <summary>Edits by what is asked for; each <see langword="null"/> asks for all.</summary>
    internal IReadOnlyList<EditEntry> Select(IReadOnlyCollection<EditState>? states, DateTimeOffset? since, long? run = null) => Store.Read(connection =>
        connection.Query(
            $"""
            SELECT * FROM edit
            WHERE created >= $since {(states is null ? "" : $"AND state IN ({string.Join(", ", states.Select(state => $"'{state}'"))})")}
                {(run is null ? "" : "AND run = $run")}
            ORDER BY created, id
            """,
            EditEntry.Read,
            ("$since", since?.ToUnixTimeMilliseconds() ?? 0),
            ("$run", run)));

    /// <summary>The newest edits that became jobs whose ids begin so, the newest first.</summary>
    internal IReadOnlyList<EditEntry> LatestJobs(string start, int most) => Latest("request_id", start, most);

    /// <summary>The newest edits whose numbers begin so, the newest first.</summary>
    internal IReadOnlyList<EditEntry> LatestEdits(string start, int most) => Latest("id", start, most);

    /// <summary>The models of the edits, by name.</summary>
    internal IReadOnlyList<string> Models() => Store.Read(connection => connection.Query("SELECT DISTINCT model FROM edit ORDER BY model", row => row.GetString(0)));

    /// <summary>How many jobs are at a service that have not been seen to end, and were submitted after a time.</summary>
    internal int CountJobs(string endpoint, DateTimeOffset since) => (int)Store.Read(connection => connection.Scalar(
        "SELECT count(*) FROM edit WHERE endpoint = $endpoint AND state IN ('Queued', 'Processing') AND submitted > $since",
        ("$endpoint", endpoint),
        ("$since", since.ToUnixTimeMilliseconds())));

    /// <summary>The highest and the mean of the last fifty costs of a model, in credits; <see langword="null"/> if there is none.</summary>
    internal (decimal Highest, decimal Mean)? RecentCost(string endpoint, string model) => Store.Read(connection => connection
        .Query(
            """
            SELECT max(cost), avg(cost) FROM
                (SELECT cost FROM edit WHERE endpoint = $endpoint AND model = $model AND cost IS NOT NULL ORDER BY ended DESC LIMIT 50)
            """,
            row => row.IsDBNull(0) ? ((decimal, decimal)?)null : ((decimal)row.GetDouble(0), (decimal)row.GetDouble(1)),
            ("$endpoint", endpoint),
            ("$model", model))
        .Single());

    private List<EditEntry> Latest(string column, string start, int most) => Store.Read(connection => connection.Query(
        $"SELECT * FROM edit WHERE substr({column}, 1, length($start)) = $start ORDER BY id DESC LIMIT $most",
        EditEntry.Read,
        ("$start", start),
        ("$most", most)));
}
