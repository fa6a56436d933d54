namespace QwenEdit.Journal;

/// <summary>The edits of one account at one endpoint, which are compared with the account's request history.</summary>
internal sealed class AccountJournal(JournalStore store, SessionLease session, string endpoint, string account)
{
    /// <summary>The minimum time that a lost request is kept. It is long enough for clocks that are wrong by days.</summary>
    internal static readonly TimeSpan LostRequestAge = TimeSpan.FromDays(30);

    /// <summary>Whether an edit was sent to this endpoint for this account, so that its request can be in this account's history.</summary>
    internal bool Has(EditEntry entry) => entry.Endpoint == endpoint && entry.Account == account;

    /// <summary>
    /// Returns the edits whose requests were sent and have no response: unknown edits, and edits whose request is under way in a session. An edit
    /// whose session ended during its request becomes <see cref="EditState.Unknown"/>.
    /// </summary>
    internal IReadOnlyList<EditEntry> Unanswered() => store.Write(connection => connection
        .Query(
            $"SELECT * FROM edit WHERE {JournalSchema.IsUnfinished} AND state IN ('Submitting', 'Unknown') AND endpoint = $endpoint AND account = $account",
            EditEntry.Read,
            ("$endpoint", endpoint),
            ("$account", account))
        .Select(entry => entry.State == EditState.Submitting && session.IsGone(connection, entry.Owner) ? session.ReleaseAbandoned(connection, entry) : entry)
        .ToList());

    /// <summary>Records the time of the request history's first response for each unknown edit that has none yet.</summary>
    /// <param name="unanswered">The edits as they were before the history was read. An edit that was sent again meanwhile is not changed.</param>
    /// <param name="askedAt">The date of the response.</param>
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

    /// <summary>Passes on each edit that the service accepted between two times, without keeping it, as there may be very many.</summary>
    /// <returns>The number of edits.</returns>
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
    /// Passes on each request that was under way between two times and may have created a job whose id the journal does not have, except those of
    /// <see cref="Unanswered"/>. Either its response had no id, or it was sent with another key, which may belong to the same account, or its edit
    /// was removed or submitted again while the outcome was unknown.
    /// </summary>
    /// <returns>The number of requests.</returns>
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
    /// edit and than the request history's response.
    /// </summary>
    /// <param name="askedAt">The date of the response.</param>
    internal void RemoveLostRequests(DateTimeOffset askedAt) => store.WriteSoon(connection => connection.Execute(
        $"""
        DELETE FROM lost_request WHERE submitting < $age + min($asked, coalesce(
            (SELECT min(submitting) FROM edit WHERE {JournalSchema.IsUnfinished} AND state IN ('Submitting', 'Unknown')), $asked))
        """,
        ("$age", -(long)LostRequestAge.TotalMilliseconds),
        ("$asked", askedAt.ToUnixTimeMilliseconds())));

    /// <summary>
    /// Returns which of some request ids are, or once were, jobs of edits of this journal, each with its edit; <see langword="null"/> for an earlier
    /// job. Dashes and case are ignored.
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
