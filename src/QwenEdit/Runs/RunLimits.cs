namespace QwenEdit.Runs;

/// <summary>What a user allows a run at most; <see langword="null"/> is no limit.</summary>
internal sealed record RunLimits
{
    /// <summary>In credits.</summary>
    internal decimal? Cost { get; init; }

    /// <summary>What the run asks before it spends more.</summary>
    internal CostConfirmation? Consent { get; init; }

    internal FailureLimit? Failure { get; init; }

    internal TimeSpan? Duration { get; init; }

    /// <summary>Whether jobs may be submitted that can't be received within the hour.</summary>
    internal bool IgnoreExpiry { get; init; }
}
