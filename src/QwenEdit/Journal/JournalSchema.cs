using Microsoft.Data.Sqlite;

namespace QwenEdit.Journal;

/// <summary>The journal's tables, and the steps from each version of them to the next.</summary>
internal static class JournalSchema
{
    /// <summary>Of an edit that something is left to do for. Whoever looks for such edits says it in these words, to be led to them by their index.</summary>
    internal const string IsUnfinished = "state NOT IN ('Received', 'Failed', 'Rejected')";

    /// <summary>Of an edit or a past request by its id, <c>$id</c>, without dashes and case, in the words of the indexes that lead to it.</summary>
    internal const string IsRequest = "request_id IS NOT NULL AND replace(lower(request_id), '-', '') = replace(lower($id), '-', '')";

    /// <summary>Marks an SQLite file as a journal of this module: "QWED".</summary>
    private const int ApplicationId = 0x51574544;

    private const string MayHaveUnknownJob =
        "OLD.submitting IS NOT NULL AND OLD.request_id IS NULL AND (OLD.state IN ('Submitting', 'Unknown') OR OLD.submitted IS NOT NULL)";

    private const string KeepLostRequest =
        """
        INSERT INTO lost_request VALUES (
            OLD.identity, OLD.destination, OLD.endpoint, OLD.model, OLD.fields, OLD.seed, OLD.image_url,
            OLD.submitting, OLD.submitted, OLD.silent, OLD.service_before, OLD.service_asked)
        """;

    /// <summary>One script a version: the first makes the tables, each further one changes them.</summary>
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE session (
            token TEXT PRIMARY KEY,
            machine TEXT NOT NULL,
            process_id INTEGER NOT NULL,
            process_name TEXT NOT NULL,
            process_started INTEGER NOT NULL,
            heartbeat INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE edit (
            id INTEGER PRIMARY KEY,
            identity TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL,
            owner TEXT,
            source TEXT NOT NULL,
            destination TEXT NOT NULL,
            endpoint TEXT NOT NULL,
            model TEXT NOT NULL,
            prompt TEXT NOT NULL,
            fields TEXT NOT NULL,
            seed INTEGER NOT NULL,
            image_format TEXT NOT NULL,
            request_id TEXT,
            created INTEGER NOT NULL,
            submitting INTEGER,
            submitted INTEGER,
            ended INTEGER,
            cost REAL,
            remaining_credits REAL,
            queue_seconds REAL,
            inference_seconds REAL,
            output_url TEXT,
            file_length INTEGER,
            file_time INTEGER,
            file_hash TEXT,
            error TEXT
        );
        CREATE UNIQUE INDEX edit_request ON edit (request_id) WHERE request_id IS NOT NULL;
        CREATE INDEX edit_unfinished ON edit (submitted) WHERE state NOT IN ('Received', 'Failed', 'Rejected');

        CREATE TABLE image_hash (
            path TEXT PRIMARY KEY,
            length INTEGER NOT NULL,
            time INTEGER NOT NULL,
            hash TEXT NOT NULL
        ) WITHOUT ROWID;
        """,
        """
        CREATE TABLE run (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            session TEXT NOT NULL,
            command TEXT NOT NULL,
            started INTEGER NOT NULL,
            ended INTEGER,
            total INTEGER,
            submitted INTEGER,
            received INTEGER,
            skipped INTEGER,
            resumed INTEGER,
            failed INTEGER,
            unknown INTEGER,
            expired INTEGER,
            timed_out INTEGER,
            busy INTEGER,
            invalid_input INTEGER,
            not_submitted INTEGER,
            cost REAL,
            remaining_credits REAL,
            stopped_by TEXT,
            exit_code INTEGER
        );
        ALTER TABLE edit ADD COLUMN run INTEGER;
        CREATE INDEX edit_run ON edit (run) WHERE run IS NOT NULL;
        CREATE INDEX edit_cost ON edit (endpoint, model, ended) WHERE cost IS NOT NULL;
        """,

        // What settling needs: whose key sent an edit, until when its request may have been on its way, and the jobs that edits had before.
        """
        ALTER TABLE edit ADD COLUMN account TEXT;
        ALTER TABLE edit ADD COLUMN silent INTEGER;
        CREATE TABLE past_request (request_id TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TRIGGER edit_sent_again AFTER UPDATE OF request_id ON edit WHEN OLD.request_id IS NOT NEW.request_id AND OLD.request_id IS NOT NULL
        BEGIN
            INSERT OR IGNORE INTO past_request (request_id) VALUES (OLD.request_id);
        END;
        CREATE TRIGGER edit_forgotten AFTER DELETE ON edit WHEN OLD.request_id IS NOT NULL
        BEGIN
            INSERT OR IGNORE INTO past_request (request_id) VALUES (OLD.request_id);
        END;
        """,

        // 0 is the number of no file, so that each is read once more.
        """
        ALTER TABLE image_hash ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX edit_owner ON edit (owner) WHERE owner IS NOT NULL;
        """,

        // The pace that processes keep together.
        """
        CREATE TABLE pace (
            scope TEXT PRIMARY KEY,
            paused_until INTEGER NOT NULL,
            refusals INTEGER NOT NULL,
            limited_at INTEGER NOT NULL,
            met INTEGER NOT NULL,
            rate REAL NOT NULL,
            promise INTEGER NOT NULL,
            promised_until INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE pace_request (scope TEXT NOT NULL, sent INTEGER NOT NULL);
        CREATE INDEX pace_request_sent ON pace_request (scope, sent);
        """,

        // Where an image was uploaded, as its edit's request names it.
        "ALTER TABLE edit ADD COLUMN image_url TEXT",

        // The service spells one request id in several ways.
        """
        CREATE INDEX edit_request_key ON edit (replace(lower(request_id), '-', '')) WHERE request_id IS NOT NULL;
        CREATE INDEX past_request_key ON past_request (replace(lower(request_id), '-', '')) WHERE request_id IS NOT NULL;
        """,

        // A session is alive while its file is locked. What else is kept of it is for messages.
        """
        DROP TABLE session;
        CREATE TABLE session (
            token TEXT PRIMARY KEY,
            machine TEXT NOT NULL,
            process_id INTEGER NOT NULL,
            process_name TEXT NOT NULL
        ) WITHOUT ROWID;
        """,

        // Times by the service's clock: what settling goes by, as this machine's may be wrong.
        """
        ALTER TABLE edit ADD COLUMN service_before INTEGER;
        ALTER TABLE edit ADD COLUMN service_accepted INTEGER;
        ALTER TABLE edit ADD COLUMN service_asked INTEGER;
        CREATE INDEX edit_service_accepted ON edit (endpoint, account, service_accepted) WHERE service_accepted IS NOT NULL;
        """,

        // Whose job is to go where an edit's image would go.
        "CREATE INDEX edit_destination ON edit (destination COLLATE NOCASE) WHERE state NOT IN ('Received', 'Failed', 'Rejected')",

        // Results of earlier edits that were among a run's images.
        "ALTER TABLE run ADD COLUMN left_out INTEGER",

        // Jobs that had ended, and whose images could not be fetched or written.
        "ALTER TABLE run ADD COLUMN not_received INTEGER",

        // The service's rate limit is waited for and no longer estimated.
        """
        DROP TABLE pace;
        DROP TABLE pace_request;
        CREATE TABLE rate_limit (
            scope TEXT PRIMARY KEY,
            limited_at INTEGER NOT NULL,
            paused_until INTEGER NOT NULL,
            refusals INTEGER NOT NULL,
            requests_per_minute INTEGER NOT NULL,
            requests_per_minute_until INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE rate_limit_request (scope TEXT NOT NULL, sent INTEGER NOT NULL);
        CREATE INDEX rate_limit_request_sent ON rate_limit_request (scope, sent);
        """,

        // Requests that may have made jobs whose ids are not known, and whose edits were removed or submitted again. To another edit with the same
        // fields, such a job looks like its own.
        $"""
        CREATE TABLE lost_request (
            identity TEXT NOT NULL,
            destination TEXT NOT NULL,
            endpoint TEXT NOT NULL,
            model TEXT NOT NULL,
            fields TEXT NOT NULL,
            seed INTEGER NOT NULL,
            image_url TEXT,
            submitting INTEGER NOT NULL,
            submitted INTEGER,
            silent INTEGER,
            service_before INTEGER,
            service_asked INTEGER
        );
        CREATE TRIGGER edit_lost_by_submitting AFTER UPDATE OF submitting ON edit WHEN {MayHaveUnknownJob}
        BEGIN {KeepLostRequest}; END;
        CREATE TRIGGER edit_lost_by_removal AFTER DELETE ON edit WHEN {MayHaveUnknownJob}
        BEGIN {KeepLostRequest}; END;
        """,
    ];

    /// <summary>Refuses what is no journal, or one that this version does not know. Only reads.</summary>
    /// <returns>The version of its tables; 0 if there are none yet.</returns>
    /// <exception cref="QwenEditException"><see cref="EditError.JournalNewer"/>, <see cref="EditError.JournalDamaged"/>.</exception>
    internal static long Check(SqliteConnection connection, string path)
    {
        bool isEmpty = connection.Scalar("SELECT count(*) FROM sqlite_master") == 0;
        if (!isEmpty && connection.Scalar("PRAGMA application_id") != ApplicationId)
        {
            throw new QwenEditException(EditError.JournalDamaged, $"{path} is an SQLite database, but not a journal of QwenEdit.");
        }

        long version = connection.Scalar("PRAGMA user_version");
        return version <= Migrations.Length ? version : throw new QwenEditException(
            EditError.JournalNewer, $"The journal {path} was written by a newer QwenEdit (version {version} of its tables; this one knows {Migrations.Length}).");
    }

    /// <summary>Brings a journal to this version's tables.</summary>
    /// <exception cref="QwenEditException">As of <see cref="Check"/>.</exception>
    internal static void Migrate(SqliteConnection connection, string path)
    {
        if (Check(connection, path) == Migrations.Length)
        {
            return;
        }

        // Once more: another process may have been here in between.
        using SqliteTransaction transaction = connection.BeginTransaction();
        long version = Check(connection, path);
        for (long next = version; next < Migrations.Length; next++)
        {
            connection.Execute(Migrations[next]);
        }

        connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Migrations.Length}");
        transaction.Commit();
    }
}
