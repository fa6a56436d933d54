using Microsoft.Data.Sqlite;
using QwenEdit.Compatibility;

namespace QwenEdit.Journal;

/// <summary>What can be asked of the edits of the journal, without changing anything.</summary>
internal class EditReader(JournalStore store)
{
    private const int PageSize = 500;

    /// <summary>The journal's file.</summary>
    protected JournalStore Store => store;

    /// <summary>The edit of an identity, if the journal has it.</summary>
    internal EditEntry? Find(string identity) => Store.Read(connection => Find(connection, identity));

    /// <summary>The edit of a number.</summary>
    /// <exception cref="QwenEditException"><see cref="EditError.JobNotInJournal"/>.</exception>
    internal EditEntry Find(long id) => Store.Read(connection => Find(connection, id)) ?? throw NotInJournal(id);

    /// <summary>The edit that became this job, if the journal has it. Its id is found dashed or not, and in any case.</summary>
    internal EditEntry? FindByRequest(string requestId) => Store.Read(connection =>
        connection.Query($"SELECT * FROM edit WHERE {JournalSchema.IsRequest}", EditEntry.Read, ("$id", requestId)).FirstOrDefault());

    /// <summary>The edits that have jobs to receive or outcomes to settle, those that expire first at the head.</summary>
    internal IReadOnlyList<EditEntry> Unfinished() => Store.Read(connection => connection.Query(
        $"SELECT * FROM edit WHERE {JournalSchema.IsUnfinished} AND state <> 'Prepared' ORDER BY coalesce(submitted, submitting), id",
        EditEntry.Read));

    /// <summary>
    /// The other edits whose jobs are to be received, or may become so just now, at a destination. Of a request without an answer it takes its
    /// session's life to tell.
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
    /// Edits by what is asked for, the oldest first; each <see langword="null"/> asks for all. They are read a page at a time, as a journal may
    /// have any number: each comes as it is when its page is read, and none that was added meanwhile, or who does so for each would never end.
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

    /// <summary>The newest edits that became jobs whose ids begin so, the newest first.</summary>
    internal IReadOnlyList<EditEntry> LatestJobs(string start, int most) => Latest("request_id", start, most);

    /// <summary>The newest edits whose numbers begin so, the newest first.</summary>
    internal IReadOnlyList<EditEntry> LatestEdits(string start, int most) => Latest("id", start, most);

    /// <summary>The models of the edits, by name.</summary>
    internal IReadOnlyList<string> Models() => Store.Read(connection => connection.Query("SELECT DISTINCT model FROM edit ORDER BY model", row => row.GetString(0)));

    /// <summary>How many jobs are at a service that have not been seen to end, and were submitted after a time.</summary>
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

    /// <summary>An edit has a job whose image is to go where another's would go.</summary>
    internal static QwenEditException Collision(EditEntry other) => new(
        EditError.DestinationCollision,
        $"The image of {(other.RequestId is null ? other.Source : $"request {other.RequestId} (for {other.Source})")} is still to be received into {other.Destination}, so that this edit was not sent. Receive that one first, with Resume-QwenImageEdit.");

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
