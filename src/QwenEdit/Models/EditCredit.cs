namespace QwenEdit;

/// <summary>The balance of an account.</summary>
public sealed record EditCredit
{
    /// <summary>What edits can be paid with, in credits (US dollars).</summary>
    public decimal Credits { get; init; }

    /// <summary>The credits that were given and not bought; <see langword="null"/> where the service says nothing of them.</summary>
    public decimal? FreeCredits { get; init; }

    /// <summary>The service that was asked.</summary>
    public Uri Endpoint { get; init; } = null!;

    /// <summary>When it was asked.</summary>
    public DateTimeOffset CheckedAt { get; init; }
}
