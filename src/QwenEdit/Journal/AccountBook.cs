namespace QwenEdit.Journal;

/// <summary>What the journal knows of one account's edits at one endpoint: what its request history is held against.</summary>
internal sealed class AccountBook(JournalStore store, Session session, string endpoint, string account)
{
    /// <summary>Whether an edit was sent to this endpoint for this account, so that this account's history can tell of it.</summary>
    internal bool Has(EditEntry entry) => entry.Endpoint == endpoint && entry.Account == account;

    /// <summary>
    /// The edits whose requests were sent and have no answer: unknown ones, and those that are on their way just now in some session. What a
    /// session left behind on its way becomes <see cref="EditState.Unknown"/>.
    /// </summary>
    internal IReadOnlyList<EditEntry> Unanswered() => store.Write(connection => connection
        .Query(
            "SELECT * FROM edit WHERE state IN ('Submitting', 'Unknown') AND endpoint = $endpoint AND account = $account",
            EditEntry.Read,
            ("$endpoint", endpoint),
            ("$account", account))
        .Select(entry => entry.State == EditState.Submitting && session.IsGone(connection, entry.Owner)
            ? EditOwnership.Own(connection, session, entry, null)
            : entry)
        .ToList());

    /// <summary>The edits that the service accepted between two times.</summary>
    internal IReadOnlyList<EditEntry> Accepted(DateTimeOffset from, DateTimeOffset until) => store.Read(connection => connection.Query(
        """
        SELECT * FROM edit
        WHERE submitted BETWEEN $from AND $until AND request_id IS NOT NULL AND endpoint = $endpoint AND account = $account
        """,
        EditEntry.Read,
        ("$from", from.ToUnixTimeMilliseconds()),
        ("$until", until.ToUnixTimeMilliseconds()),
        ("$endpoint", endpoint),
        ("$account", account)));

    /// <summary>Those of some request ids that are, or once were, the jobs of edits of this journal.</summary>
    internal HashSet<string> Owned(IEnumerable<string> requestIds) => store.Read(connection => new HashSet<string>(
        requestIds.Where(id => connection.Scalar(
            "SELECT EXISTS (SELECT 1 FROM edit WHERE request_id = $id) OR EXISTS (SELECT 1 FROM past_request WHERE request_id = $id)",
            ("$id", id)) != 0),
        StringComparer.Ordinal));
}
