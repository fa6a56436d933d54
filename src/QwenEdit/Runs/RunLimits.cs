namespace QwenEdit.Runs;

/// <summary>The limits that the user sets for a run; <see langword="null"/> is no limit.</summary>
internal sealed record RunLimits
{
    /// <summary>The maximum cost, in credits.</summary>
    internal decimal? Cost { get; init; }

    /// <summary>The consent that the run asks for before it spends more than a threshold.</summary>
    internal CostConfirmation? Consent { get; init; }

    internal FailureLimit? Failure { get; init; }

    internal TimeSpan? Duration { get; init; }

    /// <summary>Whether more jobs may be submitted than can be received within an hour.</summary>
    internal bool IgnoreExpiry { get; init; }
}
