using Microsoft.Data.Sqlite;

namespace QwenEdit.Journal;

/// <summary>The journal's tables. Times are milliseconds since 1970 (UTC), unless a comment says otherwise.</summary>
internal static class JournalSchema
{
    /// <summary>Selects the edits that something is left to do for. A query needs these very words for SQLite to use their indexes.</summary>
    internal const string IsUnfinished = "state NOT IN ('Received', 'Failed', 'Rejected')";

    /// <summary>
    /// Selects an edit or a past request by its id <c>$id</c>, without dashes and case. A query needs these very words for SQLite to use the indexes.
    /// </summary>
    internal const string IsRequest = "request_id IS NOT NULL AND replace(lower(request_id), '-', '') = replace(lower($id), '-', '')";

    private const long Version = 1;

    /// <summary>Marks an SQLite file as a journal of this module: "QwEd".</summary>
    private const long ApplicationId = 0x51774564;

    /// <summary>The mark of the journals of pre-releases, whose tables were different: "QWED".</summary>
    private const long PreReleaseApplicationId = 0x51574544;

    private const string MayHaveUnknownJob =
        "OLD.submitting IS NOT NULL AND OLD.request_id IS NULL AND (OLD.state IN ('Submitting', 'Unknown') OR OLD.submitted IS NOT NULL)";

    private const string KeepLostRequest =
        """
        INSERT INTO lost_request VALUES (
            OLD.identity, OLD.destination, OLD.endpoint, OLD.model, OLD.fields, OLD.seed, OLD.image_url,
            OLD.submitting, OLD.submitted, OLD.sent_until, OLD.service_not_before, OLD.service_not_after)
        """;

    private const string Tables =
        $"""
        -- The calls that work on edits. A session is alive while its file is locked; the rest is for messages.
        CREATE TABLE session (
            token TEXT PRIMARY KEY,
            machine TEXT NOT NULL,
            process_id INTEGER NOT NULL,
            process_name TEXT NOT NULL
        ) WITHOUT ROWID;

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
            not_received INTEGER,
            busy INTEGER,
            invalid_input INTEGER,
            left_out INTEGER,
            not_submitted INTEGER,
            cost REAL,
            remaining_credits REAL,
            stopped_by TEXT,
            exit_code INTEGER
        );

        -- An id is not used again after its edit was removed, as charges keep it.
        CREATE TABLE edit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            identity TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL,
            attempt INTEGER NOT NULL DEFAULT 0,
            owner TEXT,
            run INTEGER,
            source TEXT NOT NULL,
            destination TEXT NOT NULL,
            endpoint TEXT NOT NULL,
            account TEXT,
            model TEXT NOT NULL,
            prompt TEXT NOT NULL,
            fields TEXT NOT NULL,
            seed INTEGER NOT NULL,
            image_format TEXT NOT NULL,
            image_url TEXT,
            region TEXT, -- For later use. NULL: the whole image.
            request_id TEXT,
            created INTEGER NOT NULL,
            submitting INTEGER,
            sent_until INTEGER,
            submitted INTEGER,
            service_not_before INTEGER, -- By the service's clock, as this machine's may be wrong.
            service_accepted INTEGER,
            service_not_after INTEGER,
            ended INTEGER,
            cost REAL,
            remaining_credits REAL,
            queue_seconds REAL,
            inference_seconds REAL,
            output_url TEXT,
            file_length INTEGER,
            file_time INTEGER, -- In ticks.
            file_hash TEXT,
            error TEXT
        );
        CREATE UNIQUE INDEX edit_request ON edit (request_id) WHERE request_id IS NOT NULL;
        CREATE INDEX edit_request_key ON edit (replace(lower(request_id), '-', '')) WHERE request_id IS NOT NULL;
        CREATE INDEX edit_unfinished ON edit (submitted) WHERE {IsUnfinished};
        CREATE INDEX edit_destination ON edit (destination COLLATE NOCASE) WHERE {IsUnfinished};
        CREATE INDEX edit_owner ON edit (owner) WHERE owner IS NOT NULL;
        CREATE INDEX edit_run ON edit (run) WHERE run IS NOT NULL;
        CREATE INDEX edit_latency ON edit (endpoint, model, ended) WHERE cost IS NOT NULL;
        CREATE INDEX edit_service_accepted ON edit (endpoint, account, service_accepted) WHERE service_accepted IS NOT NULL;

        -- What was paid, one row for each job: by its id, or by the attempt of its edit if it has none. Rows are only added.
        CREATE TABLE charge (
            id INTEGER PRIMARY KEY,
            edit INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            run INTEGER,
            endpoint TEXT NOT NULL,
            account TEXT,
            model TEXT NOT NULL,
            request_id TEXT,
            credits REAL NOT NULL,
            charged INTEGER NOT NULL
        );
        CREATE UNIQUE INDEX charge_job ON charge (replace(lower(request_id), '-', '')) WHERE request_id IS NOT NULL;
        CREATE UNIQUE INDEX charge_attempt ON charge (edit, attempt) WHERE request_id IS NULL;
        CREATE INDEX charge_model ON charge (endpoint, model, charged);
        CREATE TRIGGER charge_changed BEFORE UPDATE ON charge BEGIN SELECT RAISE(ABORT, 'Charges are only added.'); END;
        CREATE TRIGGER charge_removed BEFORE DELETE ON charge BEGIN SELECT RAISE(ABORT, 'Charges are only added.'); END;

        -- The jobs that edits had before they were submitted again or removed.
        CREATE TABLE past_request (request_id TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE INDEX past_request_key ON past_request (replace(lower(request_id), '-', '')) WHERE request_id IS NOT NULL;
        CREATE TRIGGER edit_sent_again AFTER UPDATE OF request_id ON edit WHEN OLD.request_id IS NOT NEW.request_id AND OLD.request_id IS NOT NULL
        BEGIN INSERT OR IGNORE INTO past_request (request_id) VALUES (OLD.request_id); END;
        CREATE TRIGGER edit_removed AFTER DELETE ON edit WHEN OLD.request_id IS NOT NULL
        BEGIN INSERT OR IGNORE INTO past_request (request_id) VALUES (OLD.request_id); END;

        -- Requests that may have created jobs whose ids are not known, and whose edits were removed or submitted again. To another edit with the same
        -- fields, such a job looks like its own.
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
            sent_until INTEGER,
            service_not_before INTEGER,
            service_not_after INTEGER
        );
        CREATE TRIGGER edit_lost_by_submitting AFTER UPDATE OF submitting ON edit WHEN {MayHaveUnknownJob} BEGIN {KeepLostRequest}; END;
        CREATE TRIGGER edit_lost_by_removal AFTER DELETE ON edit WHEN {MayHaveUnknownJob} BEGIN {KeepLostRequest}; END;

        -- The time is in ticks.
        CREATE TABLE image_hash (
            path TEXT PRIMARY KEY,
            length INTEGER NOT NULL,
            time INTEGER NOT NULL,
            file_id INTEGER NOT NULL,
            hash TEXT NOT NULL
        ) WITHOUT ROWID;

        -- Times are milliseconds of the machine's monotonic clock.
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
        """;

    /// <summary>Refuses a file that is not a journal, or one that this version can't use. Only reads.</summary>
    /// <returns>Whether the file has tables.</returns>
    /// <exception cref="QwenEditException"><see cref="EditError.JournalNewer"/>, <see cref="EditError.JournalDamaged"/>.</exception>
    internal static bool Check(SqliteConnection connection, string path)
    {
        if (connection.Scalar("SELECT count(*) FROM sqlite_master") == 0)
        {
            return false;
        }

        switch (connection.Scalar("PRAGMA application_id"))
        {
            case ApplicationId:
                long version = connection.Scalar("PRAGMA user_version");
                return version <= Version ? true : throw new QwenEditException(
                    EditError.JournalNewer, $"The journal {path} was written by a newer QwenEdit (version {version} of its tables; this one knows {Version}).");
            case PreReleaseApplicationId:
                throw new QwenEditException(EditError.JournalDamaged, $"The journal {path} was written by a pre-release of QwenEdit, which this version can't read.")
                {
                    NextStep = "Receive its unfinished edits with that pre-release: Resume-QwenImageEdit. Then move the file aside, or name another journal with -JournalPath. An edit that only the old journal has is new to this version, and is paid for again.",
                };
            default:
                throw new QwenEditException(EditError.JournalDamaged, $"{path} is an SQLite database, but not a journal of QwenEdit.");
        }
    }

    /// <summary>Creates the tables in an empty file.</summary>
    /// <exception cref="QwenEditException">As of <see cref="Check"/>.</exception>
    internal static void Create(SqliteConnection connection, string path)
    {
        if (Check(connection, path))
        {
            return;
        }

        using SqliteTransaction transaction = connection.BeginTransaction();
        // Another process may have created them in between.
        if (!Check(connection, path))
        {
            connection.Execute(Tables);
            connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}");
        }

        transaction.Commit();
    }
}
