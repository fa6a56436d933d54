using System.Net;

namespace QwenEdit.Emulator;

/// <summary>How the emulator behaves. The command line has an option of the same name for each.</summary>
public sealed record EmulatorOptions
{
    /// <summary>The address to listen on. Anything but loopback is warned about: the emulator's keys protect nothing.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port of the API and of the status page; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The port of the output files, which live on another host at the service; 0 takes a free one.</summary>
    public int FilesPort { get; init; }

    /// <summary>The port of the request history, which lives on another host at the service; 0 takes a free one.</summary>
    public int HistoryPort { get; init; }

    /// <summary>The median time a job takes from its acceptance, when a worker is free.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromSeconds(0.2);

    /// <summary>How widely the latency is spread: the sigma of a log-normal distribution; 0 makes all jobs take the same time.</summary>
    public double LatencySpread { get; init; }

    /// <summary>How many jobs are processed at once; the others queue. 0 is without limit.</summary>
    public int Workers { get; init; } = 16;

    /// <summary>The key of the first account.</summary>
    public string ApiKey { get; init; } = "SG_0123456789abcdef";

    /// <summary>The balance of the first account, in credits.</summary>
    public decimal Credits { get; init; } = 100m;

    /// <summary>What a completed job costs, in credits.</summary>
    public decimal CostPerJob { get; init; } = 0.0125m;

    /// <summary>Requests per minute and key; 0 is without limit.</summary>
    public int RequestsPerMinute { get; init; }

    /// <summary>Whether GETs of a request's status and result count for the rate limit too.</summary>
    public bool PollsCount { get; init; }

    /// <summary>How <c>x-rate-limit-reset-at-utc</c> is written: the service doesn't document it.</summary>
    public ResetFormat RateLimitReset { get; init; } = ResetFormat.Iso8601;

    /// <summary>What happens to an image.</summary>
    public EditMode Edit { get; init; } = EditMode.Caption;

    /// <summary>When values out of range come to light.</summary>
    public InvalidValues InvalidValues { get; init; } = InvalidValues.Refuse;

    /// <summary>How long a request can be polled after its submission.</summary>
    public TimeSpan RecordRetention { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long an output file can be downloaded after it was made.</summary>
    public TimeSpan FileRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Whether the account's request history is there at all.</summary>
    public bool History { get; init; } = true;

    /// <summary>How long after its acceptance a request shows up in the history.</summary>
    public TimeSpan HistoryDelay { get; init; }

    /// <summary>What the history keeps of inline images.</summary>
    public HistoryBody HistoryBody { get; init; } = HistoryBody.Whole;

    /// <summary>The models that can be called.</summary>
    public IReadOnlyList<string> Models { get; init; } = ["qwen-image-edit-fast"];

    /// <summary>The models that answer 410.</summary>
    public IReadOnlyList<string> RetiredModels { get; init; } = ["qwen-image-edit-retired"];

    /// <summary>The models that answer 403.</summary>
    public IReadOnlyList<string> ForbiddenModels { get; init; } = ["qwen-image-edit-private"];

    /// <summary>Seeds what is left to chance (latencies, random seeds of edits, shares of faults), so that a run can be repeated.</summary>
    public int RandomSeed { get; init; } = 1;

    /// <summary>The folder in which the emulator makes its own temporary folder for images; the system's unless set.</summary>
    public string? SpoolFolder { get; init; }

    /// <summary>Where one line per request is written; nowhere unless set.</summary>
    public TextWriter? Log { get; init; }

    /// <summary>The time beneath <see cref="EmulatorClock"/>.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>What happens to an image.</summary>
public enum EditMode
{
    /// <summary>It is decoded, its hue shifted by the seed, captioned with the prompt and encoded as asked for.</summary>
    Caption,

    /// <summary>It comes back as it went in, undecoded: for benchmarks.</summary>
    None,
}

/// <summary>When values out of range come to light; both are seen at the service.</summary>
public enum InvalidValues
{
    /// <summary>The POST answers 406.</summary>
    Refuse,

    /// <summary>The POST is accepted and the job fails (422); on v1, 500.</summary>
    Fail,
}

/// <summary>What the request history keeps of inline images.</summary>
public enum HistoryBody
{
    /// <summary>The request body as it was sent.</summary>
    Whole,

    /// <summary>Inline images end after 64 characters.</summary>
    Cut,

    /// <summary>No inline images.</summary>
    Omitted,
}

/// <summary>How <c>x-rate-limit-reset-at-utc</c> is written.</summary>
public enum ResetFormat
{
    /// <summary>2026-09-30T12:34:00Z</summary>
    Iso8601,

    /// <summary>Wed, 30 Sep 2026 12:34:00 GMT</summary>
    Rfc1123,

    /// <summary>Seconds since 1970.</summary>
    UnixSeconds,

    /// <summary>Milliseconds since 1970.</summary>
    UnixMilliseconds,
}
