using QwenEdit.Journal;
using QwenEdit.Runs;

namespace QwenEdit.Editing;

/// <summary>The settings of a call's edits.</summary>
internal sealed record EditSettings
{
    private readonly string? _journalPath;

    /// <summary>Cancelled when the call is stopped.</summary>
    internal CancellationToken Stopped { get; init; }

    /// <summary>The time limit of one edit, from the beginning of its submission to its end.</summary>
    internal TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Whether edits are submitted as jobs and polled, or sent as one request whose response is the image.</summary>
    internal EditTransport Transport { get; init; } = EditTransport.Async;

    /// <summary>Whether local images are sent in the requests or uploaded to the service's storage first.</summary>
    internal ImageUpload Upload { get; init; } = ImageUpload.Inline;

    /// <summary>The full path of the journal. The default is the user's own journal.</summary>
    internal string JournalPath
    {
        get => _journalPath ?? JournalLocation.Default;
        init => _journalPath = value;
    }

    /// <summary>Which edits of earlier runs are submitted again.</summary>
    internal Resubmit Resubmit { get; init; } = Resubmit.Failed;

    /// <summary>The call's run, which is recorded in the journal; <see langword="null"/> for a call that is not a run.</summary>
    internal RunCounters? Run { get; init; }

    /// <summary>The limits of the run.</summary>
    internal RunLimits Limits { get; init; } = new();

    /// <summary>How long after its acceptance a request is certain to be in the account's request history. The vendor says up to two hours.</summary>
    internal TimeSpan SettlingTime { get; init; } = TimeSpan.FromHours(2.5);

    /// <summary>The maximum number of requests in any minute; <see langword="null"/> for no limit but the service's own.</summary>
    internal int? RequestsPerMinute { get; init; }

    /// <summary>A fixed pause between two polls of a job; <see langword="null"/> to let the module decide.</summary>
    internal TimeSpan? PollInterval { get; init; }
}
