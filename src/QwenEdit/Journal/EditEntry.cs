using Microsoft.Data.Sqlite;

namespace QwenEdit.Journal;

/// <summary>One edit as the journal has it.</summary>
internal sealed record EditEntry
{
    internal long Id { get; init; }

    /// <summary>The hash that identifies the edit: see <see cref="EditIdentity"/>.</summary>
    internal required string Identity { get; init; }

    internal EditState State { get; init; }

    /// <summary>How many requests to create a job were sent, or were about to be.</summary>
    internal int Attempt { get; init; }

    /// <summary>The session that has claimed the edit, if any.</summary>
    internal string? Owner { get; init; }

    /// <summary>The last run that claimed the edit.</summary>
    internal long? Run { get; init; }

    internal required string Source { get; init; }

    internal required string Destination { get; init; }

    internal required string Endpoint { get; init; }

    internal required string Model { get; init; }

    internal required string Prompt { get; init; }

    /// <summary>The fields as they are sent, without a local image, as JSON.</summary>
    internal required string Fields { get; init; }

    /// <summary>The seed that is sent. For a random seed, the one that the module chose.</summary>
    internal long Seed { get; init; }

    internal ImageFormat ImageFormat { get; init; }

    /// <summary>The URL of the local image, if it was uploaded.</summary>
    internal string? ImageUrl { get; init; }

    internal string? RequestId { get; init; }

    internal DateTimeOffset Created { get; init; }

    /// <summary>When the last request was about to be sent.</summary>
    internal DateTimeOffset? Submitting { get; init; }

    internal DateTimeOffset? Submitted { get; init; }

    /// <summary>The account whose key the request was sent with: see <c>AccountFingerprint</c>.</summary>
    internal string? Account { get; init; }

    /// <summary>When the request of an unknown edit was given up. The service can't have received it later.</summary>
    internal DateTimeOffset? SentUntil { get; init; }

    /// <summary>
    /// By the service's clock, the time before which the request was not accepted: that of the last response before it was sent;
    /// <see langword="null"/> if the journal has none.
    /// </summary>
    internal DateTimeOffset? ServiceNotBefore { get; init; }

    /// <summary>When the service accepted the request, by its own clock.</summary>
    internal DateTimeOffset? ServiceAccepted { get; init; }

    /// <summary>
    /// By the service's clock, the time after which the request was not accepted: that of the request history's first response since the edit is
    /// unknown.
    /// </summary>
    internal DateTimeOffset? ServiceNotAfter { get; init; }

    /// <summary>When the job was found to have ended.</summary>
    internal DateTimeOffset? Ended { get; init; }

    internal decimal? Cost { get; init; }

    internal decimal? RemainingCredits { get; init; }

    internal double? QueueSeconds { get; init; }

    internal double? InferenceSeconds { get; init; }

    internal string? OutputUrl { get; init; }

    /// <summary>The file of the edited image, as it was written.</summary>
    internal FileRecord? File { get; init; }

    internal string? Error { get; init; }

    /// <summary>Whether its job has neither an id nor a URL, so that only its file shows whether the image was received.</summary>
    internal bool IsNameless => this is { State: EditState.Writing, RequestId: null, OutputUrl: null };

    internal static EditEntry Read(SqliteDataReader row) => new()
    {
        Id = row.GetInt64(row.GetOrdinal("id")),
        Identity = Text(row, "identity")!,
        State = (EditState)Enum.Parse(typeof(EditState), Text(row, "state")!),
        Attempt = (int)Number(row, "attempt")!.Value,
        Owner = Text(row, "owner"),
        Run = Number(row, "run"),
        Source = Text(row, "source")!,
        Destination = Text(row, "destination")!,
        Endpoint = Text(row, "endpoint")!,
        Model = Text(row, "model")!,
        Prompt = Text(row, "prompt")!,
        Fields = Text(row, "fields")!,
        Seed = Number(row, "seed")!.Value,
        ImageFormat = (ImageFormat)Enum.Parse(typeof(ImageFormat), Text(row, "image_format")!),
        ImageUrl = Text(row, "image_url"),
        RequestId = Text(row, "request_id"),
        Created = Time(row, "created")!.Value,
        Submitting = Time(row, "submitting"),
        Submitted = Time(row, "submitted"),
        Account = Text(row, "account"),
        SentUntil = Time(row, "sent_until"),
        ServiceNotBefore = Time(row, "service_not_before"),
        ServiceAccepted = Time(row, "service_accepted"),
        ServiceNotAfter = Time(row, "service_not_after"),
        Ended = Time(row, "ended"),
        Cost = (decimal?)Real(row, "cost"),
        RemainingCredits = (decimal?)Real(row, "remaining_credits"),
        QueueSeconds = Real(row, "queue_seconds"),
        InferenceSeconds = Real(row, "inference_seconds"),
        OutputUrl = Text(row, "output_url"),
        File = Number(row, "file_length") is { } length ? new FileRecord(length, Number(row, "file_time")!.Value, Text(row, "file_hash")!) : null,
        // Another program may have written it.
        Error = Text(row, "error") is { } error ? TerminalText.Escape(error) : null,
    };

    /// <summary>Reads a lost request, with the values that are compared with the request history.</summary>
    internal static EditEntry ReadLost(SqliteDataReader row) => new()
    {
        Identity = Text(row, "identity")!,
        State = EditState.Unknown,
        Source = "",
        Destination = Text(row, "destination")!,
        Endpoint = Text(row, "endpoint")!,
        Model = Text(row, "model")!,
        Prompt = "",
        Fields = Text(row, "fields")!,
        Seed = Number(row, "seed")!.Value,
        ImageUrl = Text(row, "image_url"),
        Submitting = Time(row, "submitting"),
        Submitted = Time(row, "submitted"),
        SentUntil = Time(row, "sent_until"),
        ServiceNotBefore = Time(row, "service_not_before"),
        ServiceNotAfter = Time(row, "service_not_after"),
    };

    private static string? Text(SqliteDataReader row, string column) => row.GetValue(row.GetOrdinal(column)) as string;

    private static long? Number(SqliteDataReader row, string column) => row.GetValue(row.GetOrdinal(column)) as long?;

    private static double? Real(SqliteDataReader row, string column) => row.GetValue(row.GetOrdinal(column)) as double?;

    private static DateTimeOffset? Time(SqliteDataReader row, string column) =>
        Number(row, column) is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
}

/// <summary>A file when it was written: its size in bytes, its last write time in ticks (UTC), and the hash of its content.</summary>
internal sealed record FileRecord(long Length, long Time, string Hash);
