namespace QwenEdit.Journal;

/// <summary>What the journal knows of one account's edits at one endpoint: what its request history is held against.</summary>
internal sealed class AccountJournal(JournalStore store, SessionLease session, string endpoint, string account)
{
    /// <summary>How long a lost request is kept at least. It is long enough for clocks that are wrong by days.</summary>
    internal static readonly TimeSpan LostRequestAge = TimeSpan.FromDays(30);

    /// <summary>Whether an edit was sent to this endpoint for this account, so that this account's history can tell of it.</summary>
    internal bool Has(EditEntry entry) => entry.Endpoint == endpoint && entry.Account == account;

    /// <summary>
    /// The edits whose requests were sent and have no answer: unknown ones, and those that are on their way just now in some session. What a
    /// session left behind on its way becomes <see cref="EditState.Unknown"/>.
    /// </summary>
    internal IReadOnlyList<EditEntry> Unanswered() => store.Write(connection => connection
        .Query(
            $"SELECT * FROM edit WHERE {JournalSchema.IsUnfinished} AND state IN ('Submitting', 'Unknown') AND endpoint = $endpoint AND account = $account",
            EditEntry.Read,
            ("$endpoint", endpoint),
            ("$account", account))
        .Select(entry => entry.State == EditState.Submitting && session.IsGone(connection, entry.Owner) ? session.ReleaseAbandoned(connection, entry) : entry)
        .ToList());

    /// <summary>Records, for each unknown edit, the time of the request history's first answer since it is unknown.</summary>
    /// <param name="unanswered">The edits as they were before the history was asked. What was sent again meanwhile is left alone.</param>
    /// <param name="askedAt">The time of the answer, by its own date.</param>
    internal void Asked(IEnumerable<EditEntry> unanswered, DateTimeOffset askedAt)
    {
        List<EditEntry> asked = [.. unanswered.Where(edit => edit is { State: EditState.Unknown, ServiceNotAfter: null })];
        if (asked.Count > 0)
        {
            store.Write(connection => asked.Sum(edit => connection.Execute(
                """
                UPDATE edit SET service_not_after = $asked
                WHERE id = $id AND state = 'Unknown' AND submitting = $submitting AND service_not_after IS NULL
                """,
                ("$id", edit.Id),
                ("$asked", askedAt.ToUnixTimeMilliseconds()),
                ("$submitting", edit.Submitting!.Value.ToUnixTimeMilliseconds()))));
        }
    }

    /// <summary>Tells of each edit that the service accepted between two times; there may be very many.</summary>
    /// <returns>How many there were.</returns>
    internal int Accepted(DateTimeOffset from, DateTimeOffset until, Action<EditEntry> tell) => store.Read(connection => connection.Each(
        """
        SELECT * FROM edit
        WHERE submitted BETWEEN $from AND $until AND request_id IS NOT NULL AND endpoint = $endpoint AND account = $account
        """,
        row => tell(EditEntry.Read(row)),
        ("$from", from.ToUnixTimeMilliseconds()),
        ("$until", until.ToUnixTimeMilliseconds()),
        ("$endpoint", endpoint),
        ("$account", account)));

    /// <summary>
    /// Tells of each request that was on its way between two times and may have made a job that the journal does not know by its id, but for those
    /// of <see cref="Unanswered"/>: its response named no id, it was sent with another key, which may be of the same account, or its edit was
    /// removed or submitted again while the outcome was unknown.
    /// </summary>
    /// <returns>How many there were.</returns>
    internal int Nameless(DateTimeOffset from, DateTimeOffset until, Action<EditEntry> tell) => store.Read(connection =>
    {
        (string, object?)[] when = [("$from", from.ToUnixTimeMilliseconds()), ("$until", until.ToUnixTimeMilliseconds()), ("$endpoint", endpoint)];
        const string WasSent = "submitting <= $until AND coalesce(sent_until, submitting) >= $from AND endpoint = $endpoint";
        int edits = connection.Each(
            $"""
            SELECT * FROM edit
            WHERE {WasSent} AND request_id IS NULL
                AND CASE WHEN state IN ('Submitting', 'Unknown') THEN account IS NOT $account ELSE submitted IS NOT NULL END
            """,
            row => tell(EditEntry.Read(row)),
            [.. when, ("$account", account)]);
        return edits + connection.Each($"SELECT * FROM lost_request WHERE {WasSent}", row => tell(EditEntry.ReadLost(row)), when);
    });

    /// <summary>
    /// Removes the requests whose edits were removed or submitted again, if they are more than <see cref="LostRequestAge"/> older than every unanswered
    /// edit and than the request history's answer.
    /// </summary>
    /// <param name="askedAt">The time of the answer, by its own date.</param>
    internal void RemoveLostRequests(DateTimeOffset askedAt) => store.WriteSoon(connection => connection.Execute(
        $"""
        DELETE FROM lost_request WHERE submitting < $age + min($asked, coalesce(
            (SELECT min(submitting) FROM edit WHERE {JournalSchema.IsUnfinished} AND state IN ('Submitting', 'Unknown')), $asked))
        """,
        ("$age", -(long)LostRequestAge.TotalMilliseconds),
        ("$asked", askedAt.ToUnixTimeMilliseconds())));

    /// <summary>
    /// Those of some request ids that are, or once were, the jobs of edits of this journal, each with the edit whose job it is;
    /// <see langword="null"/> where it once was. Ids are the same dashed or not, and in any case.
    /// </summary>
    internal IReadOnlyDictionary<string, EditEntry?> Owned(IEnumerable<string> requestIds) => store.Read(connection =>
    {
        Dictionary<string, EditEntry?> owned = new(RequestIdComparer.Instance);
        foreach (string id in requestIds)
        {
            EditEntry? edit = connection.Query($"SELECT * FROM edit WHERE {JournalSchema.IsRequest}", EditEntry.Read, ("$id", id)).FirstOrDefault();
            if (edit is not null || connection.Scalar($"SELECT EXISTS (SELECT 1 FROM past_request WHERE {JournalSchema.IsRequest})", ("$id", id)) != 0)
            {
                owned[id] = edit;
            }
        }

        return owned;
    });
}
