using System.Net;
using QwenEdit.Emulator.Images;
using QwenEdit.Emulator.Spool;

namespace QwenEdit.Emulator;

/// <summary>How the emulator behaves. The command line has an option of the same name for each.</summary>
public sealed record EmulatorOptions
{
    /// <summary>The average price and time that the service publishes: 0.0364 credits and 8.73 seconds, spread as jobs of a busy service are.</summary>
    public static EmulatorOptions LikeTheService { get; } = new() { Latency = TimeSpan.FromSeconds(8.73), LatencySpread = 0.3 };

    /// <summary>The address to listen on. Anything but loopback is warned about: the emulator's keys protect nothing.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>
    /// Host names that requests may name in their <c>Host</c> header besides <c>localhost</c> and IP addresses. Others are refused (421), because
    /// a web page could make its own name point to this machine.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

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

    /// <summary>What a completed job costs, in credits (US dollars). The default is the service's average price.</summary>
    public decimal CostPerJob { get; init; } = 0.0364m;

    /// <summary>The HTTP status of a submission on v2 that the balance doesn't cover: 406, as documented, or 402. On v1 it is always 406.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is neither 402 nor 406.</exception>
    public int InsufficientCreditsStatus
    {
        get;
        init => field = value is 402 or 406 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The status is 402 or 406.");
    } = 406;

    /// <summary>How request ids are written.</summary>
    public RequestIdFormat RequestIds { get; init; } = RequestIdFormat.Dashed;

    /// <summary>Requests per <see cref="RateLimitWindow"/> and key; 0 is without limit.</summary>
    public int RequestsPerMinute { get; init; }

    /// <summary>The length of the rate limit's fixed window. The default is the documented minute.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is shorter than a second, the unit of the reset's time.</exception>
    public TimeSpan RateLimitWindow
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The window is a second or longer.");
    } = TimeSpan.FromMinutes(1);

    /// <summary>Whether GETs of a request's status and result count for the rate limit too.</summary>
    public bool PollsCount { get; init; }

    /// <summary>How <c>x-rate-limit-reset-at-utc</c> is written: the service doesn't document it.</summary>
    public ResetFormat RateLimitReset { get; init; } = ResetFormat.Iso8601;

    /// <summary>What happens to an image.</summary>
    public EditMode Edit { get; init; } = EditMode.Caption;

    /// <summary>When missing fields, unusable images and values out of range are reported. An unknown <c>image_format</c> is always refused.</summary>
    public InvalidValues InvalidValues { get; init; } = InvalidValues.Fail;

    /// <summary>What becomes of an <c>image</c> that is a URL of another host. Nothing is ever fetched from there.</summary>
    public RemoteImages RemoteImages { get; init; } = RemoteImages.Placeholder;

    /// <summary>How long a request can be polled after its submission.</summary>
    public TimeSpan RecordRetention { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long an output file can be downloaded after it was made.</summary>
    public TimeSpan FileRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Whether the account's request history is there at all.</summary>
    public bool History { get; init; } = true;

    /// <summary>How long after its acceptance a request shows up in the history.</summary>
    public TimeSpan HistoryDelay { get; init; }

    /// <summary>What the history keeps of inline images.</summary>
    public HistoryBody HistoryBody { get; init; } = HistoryBody.Omitted;

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
