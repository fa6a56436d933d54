using Microsoft.Data.Sqlite;

namespace QwenEdit.Journal;

/// <summary>Reads the edits of the journal, without changing anything.</summary>
internal class EditReader(JournalStore store)
{
    private const int PageSize = 500;

    /// <summary>The journal's file.</summary>
    protected JournalStore Store => store;

    /// <summary>Returns the edit with an identity; <see langword="null"/> if the journal does not have it.</summary>
    internal EditEntry? Find(string identity) => Store.Read(connection => Find(connection, identity));

    /// <summary>Returns the edit with a number.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.JobNotInJournal"/>.</exception>
    internal EditEntry Find(long id) => Store.Read(connection => Find(connection, id)) ?? throw NotInJournal(id);

    /// <summary>Returns the edit of a job; <see langword="null"/> if the journal does not have it. Dashes and case of the id are ignored.</summary>
    internal EditEntry? FindByRequest(string requestId) => Store.Read(connection =>
        connection.Query($"SELECT * FROM edit WHERE {JournalSchema.IsRequest}", EditEntry.Read, ("$id", requestId)).FirstOrDefault());

    /// <summary>Returns the edits that have a job to receive or an unknown outcome. Those that expire first come first.</summary>
    internal IReadOnlyList<EditEntry> Unfinished() => Store.Read(connection => connection.Query(
        $"SELECT * FROM edit WHERE {JournalSchema.IsUnfinished} AND state <> 'Prepared' ORDER BY coalesce(submitted, submitting), id",
        EditEntry.Read));

    /// <summary>
    /// Returns the other edits that have a job to receive at a destination, or may get one. Whether an edit that is being sent may still get one
    /// depends on whether its session is alive.
    /// </summary>
    internal IReadOnlyList<EditEntry> JobsFor(string destination, long except) => Store.Read(connection => JobsFor(connection, destination, except));

    /// <inheritdoc cref="JobsFor(string, long)"/>
    protected static IReadOnlyList<EditEntry> JobsFor(SqliteConnection connection, string destination, long except) =>
    [
        .. connection
            .Query(
                $"""
                SELECT * FROM edit WHERE destination = $destination COLLATE NOCASE AND {JournalSchema.IsUnfinished} AND id <> $except
                    AND (state = 'Submitting' OR (state IN ('Queued', 'Processing', 'Completed', 'Writing') AND (request_id IS NOT NULL OR output_url IS NOT NULL)))
                """,
                EditEntry.Read,
                ("$destination", destination),
                ("$except", except))
            .Where(edit => edit.Destination.Equals(destination, Platform.PathComparison)),
    ];

    /// <summary>
    /// Returns edits by state, time of creation, last run and source, the oldest first. <see langword="null"/> selects all. The edits are read a page
    /// at a time, as there may be very many. Edits that are added meanwhile are left out, so that a caller that adds an edit for each comes to an end.
    /// </summary>
    internal IEnumerable<EditEntry> Select(
        IReadOnlyCollection<EditState>? states, DateTimeOffset? since, long? run = null, Predicate<string>? source = null)
    {
        string filter = (states is null ? "" : $" AND state IN ({string.Join(", ", states.Select(state => $"'{state}'"))})") + (run is null ? "" : " AND run = $run");
        long end = Store.Read(connection => connection.Scalar("SELECT coalesce(max(id), 0) FROM edit"));
        long last = 0;
        int read;
        do
        {
            List<EditEntry> page = [];
            read = Store.Read(connection => connection.Each(
                $"SELECT * FROM edit WHERE id > $last AND id <= $end AND created >= $since{filter} ORDER BY id LIMIT {PageSize}",
                row =>
                {
                    last = row.GetInt64(row.GetOrdinal("id"));
                    if (source is null || source(row.GetString(row.GetOrdinal("source"))))
                    {
                        page.Add(EditEntry.Read(row));
                    }
                },
                ("$last", last),
                ("$end", end),
                ("$since", since?.ToUnixTimeMilliseconds() ?? 0),
                ("$run", run)));
            foreach (EditEntry entry in page)
            {
                yield return entry;
            }
        }
        while (read == PageSize);
    }

    /// <summary>Returns the newest edits whose request ids begin with a text, the newest first.</summary>
    internal IReadOnlyList<EditEntry> LatestJobs(string start, int most) => Latest("request_id", start, most);

    /// <summary>Returns the newest edits whose numbers begin with a text, the newest first.</summary>
    internal IReadOnlyList<EditEntry> LatestEdits(string start, int most) => Latest("id", start, most);

    /// <summary>Returns the models of all edits, sorted by name.</summary>
    internal IReadOnlyList<string> Models() => Store.Read(connection => connection.Query("SELECT DISTINCT model FROM edit ORDER BY model", row => row.GetString(0)));

    /// <summary>Returns the number of jobs at a service that were submitted after a time and are not known to have ended.</summary>
    internal int CountJobs(string endpoint, DateTimeOffset since) => (int)Store.Read(connection => connection.Scalar(
        $"SELECT count(*) FROM edit WHERE endpoint = $endpoint AND {JournalSchema.IsUnfinished} AND state IN ('Queued', 'Processing') AND submitted > $since",
        ("$endpoint", endpoint),
        ("$since", since.ToUnixTimeMilliseconds())));

    /// <summary>
    /// Returns the highest and the mean of the last fifty charges for a model, in credits; <see langword="null"/> if there is none.
    /// </summary>
    internal (decimal Highest, decimal Mean)? RecentCost(string endpoint, string model) => Store.Read(connection => connection
        .Query(
            """
            SELECT max(credits), avg(credits) FROM
                (SELECT credits FROM charge WHERE endpoint = $endpoint AND model = $model ORDER BY charged DESC LIMIT 50)
            """,
            row => row.IsDBNull(0) ? ((decimal, decimal)?)null : ((decimal)row.GetDouble(0), (decimal)row.GetDouble(1)),
            ("$endpoint", endpoint),
            ("$model", model))
        .Single());

    /// <summary>Creates the error for an edit whose destination is that of another edit's job.</summary>
    internal static QwenEditException Collision(EditEntry other) => new(
        EditError.DestinationCollision,
        $"The image of {(other.RequestId is null ? other.Source : $"request {other.RequestId} (for {other.Source})")} is still to be received into {other.Destination}, so this edit was not sent. Receive that image first, with Resume-QwenImageEdit.");

    internal static EditEntry? Find(SqliteConnection connection, long id) =>
        connection.Query("SELECT * FROM edit WHERE id = $id", EditEntry.Read, ("$id", id)).FirstOrDefault();

    protected static EditEntry? Find(SqliteConnection connection, string identity) =>
        connection.Query("SELECT * FROM edit WHERE identity = $identity", EditEntry.Read, ("$identity", identity)).FirstOrDefault();

    protected static QwenEditException NotInJournal(long id) => new(EditError.JobNotInJournal, $"The journal has no edit {id}.");

    private List<EditEntry> Latest(string column, string start, int most) => Store.Read(connection => connection.Query(
        $"SELECT * FROM edit WHERE substr({column}, 1, length($start)) = $start ORDER BY id DESC LIMIT $most",
        EditEntry.Read,
        ("$start", start),
        ("$most", most)));
}
