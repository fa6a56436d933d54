using Microsoft.Data.Sqlite;

namespace QwenEdit.Journal;

/// <summary>How an edit's row changes when a session gets it, or loses it.</summary>
internal static class EditOwnership
{
    /// <summary>Lets go of edits, of those <c>WHERE …</c>. A request that is left on its way has an unknown outcome from now on.</summary>
    internal const string LetGo =
        """
        UPDATE edit SET
            owner = NULL,
            silent = CASE state WHEN 'Submitting' THEN $now ELSE silent END,
            state = CASE state WHEN 'Submitting' THEN 'Unknown' ELSE state END
        WHERE 
        """;

    /// <summary>The longest that a request may be on its way, as no -TimeoutSec is longer.</summary>
    private static readonly TimeSpan LongestRequest = TimeSpan.FromHours(1);

    /// <summary>Gives an edit an owner. One that was left behind on its way has an unknown outcome.</summary>
    internal static EditEntry Own(SqliteConnection connection, SessionLease session, EditEntry entry, string? owner, long? run = null)
    {
        EditEntry owned = entry with { Owner = owner };
        if (entry.State == EditState.Submitting)
        {
            // When its session ended is not known.
            var now = DateTimeOffset.FromUnixTimeMilliseconds(session.Now);
            DateTimeOffset end = entry.Submitting!.Value + LongestRequest;
            owned = owned with { State = EditState.Unknown, Silent = end < now ? end : now };
        }

        connection.Execute(
            "UPDATE edit SET owner = $owner, run = coalesce($run, run), state = $state, silent = $silent WHERE id = $id",
            ("$owner", owner),
            ("$run", run),
            ("$state", owned.State.ToString()),
            ("$silent", owned.Silent?.ToUnixTimeMilliseconds()),
            ("$id", entry.Id));
        return owned with { Run = run ?? entry.Run };
    }
}
