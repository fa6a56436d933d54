using QwenEdit.Journal;
using QwenEdit.Runs;

namespace QwenEdit.Editing;

/// <summary>How long an edit is waited for, and how often it is asked for.</summary>
internal sealed record EditSettings
{
    private readonly string? _journalPath;

    /// <summary>When the call is stopped.</summary>
    internal CancellationToken Stopped { get; init; }

    /// <summary>How long one edit may take, from its turn to its end.</summary>
    internal TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>How edits are sent and their images come back.</summary>
    internal EditTransport Transport { get; init; } = EditTransport.Async;

    /// <summary>How local images get to the service.</summary>
    internal ImageUpload Upload { get; init; } = ImageUpload.Inline;

    /// <summary>The full path of the journal; the user's own unless another one is named.</summary>
    internal string JournalPath
    {
        get => _journalPath ?? JournalLocation.Default;
        init => _journalPath = value;
    }

    /// <summary>Which edits of earlier runs are submitted once more.</summary>
    internal Resubmit Resubmit { get; init; } = Resubmit.Failed;

    /// <summary>The call's run, which is written to the journal; <see langword="null"/> for a call that is none.</summary>
    internal RunCounters? Run { get; init; }

    /// <summary>What the run may do at most.</summary>
    internal RunLimits Limits { get; init; } = new();

    /// <summary>After which time the account's request history surely shows a request that was accepted. The vendor speaks of up to two hours.</summary>
    internal TimeSpan SettlingTime { get; init; } = TimeSpan.FromHours(2.5);

    /// <summary>The most requests in any minute; <see langword="null"/> for as many as the service bears.</summary>
    internal int? RequestsPerMinute { get; init; }

    /// <summary>A fixed pause between two polls; <see langword="null"/> for one that adapts.</summary>
    internal TimeSpan? PollInterval { get; init; }
}
