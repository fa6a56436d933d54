namespace QwenEdit.Runs;

/// <summary>A user's consent to spend more than <c>-ConfirmAbove</c>, for which a run asks once.</summary>
/// <param name="threshold">In credits; without consent, no edit that could pass it is submitted.</param>
/// <param name="ask">Asks the user, and returns with the answer.</param>
internal sealed class CostConfirmation(decimal threshold, Func<CostQuestion, CancellationToken, Task<CostAnswer>> ask)
{
    internal decimal Threshold => threshold;

    /// <summary>Whether the question was put.</summary>
    internal bool IsAsked { get; set; }

    /// <summary>Whether the user has said yes.</summary>
    internal bool IsGiven { get; set; }

    internal Task<CostAnswer> AskAsync(CostQuestion question, CancellationToken cancellationToken) => ask(question, cancellationToken);
}

/// <summary>What a user who is asked has to know; amounts in credits.</summary>
/// <param name="Threshold">What would be passed.</param>
/// <param name="Spent">What the run has spent.</param>
/// <param name="InFlight">How many edits are in flight.</param>
/// <param name="InFlightCost">An estimate for them.</param>
/// <param name="Price">What another edit costs; <see langword="null"/> if that is not known.</param>
internal sealed record CostQuestion(decimal Threshold, decimal Spent, int InFlight, decimal InFlightCost, decimal? Price)
{
    /// <summary>How many edits of the run have ended.</summary>
    internal int Ended { get; init; }

    /// <summary>Whether an edit may have been billed whose cost nobody named.</summary>
    internal bool IsUnclear { get; init; }

    /// <summary>The facts, as a part of a sentence.</summary>
    public override string ToString() =>
        $"this run has spent {(IsUnclear ? "an amount that the service did not name" : SpendLedger.Show(Spent))}"
        + InFlight switch
        {
            0 => string.Empty,
            1 => $", 1 edit in flight costs about {SpendLedger.Show(InFlightCost)}",
            _ => $", {InFlight} edits in flight cost about {SpendLedger.Show(InFlightCost)} together",
        }
        + $", and what another edit costs is {(Price is { } price ? $"about {SpendLedger.Show(price)}" : "not known yet")}";
}

/// <summary>A user's answer.</summary>
/// <param name="IsYes">Whether the run may go on without asking again.</param>
/// <param name="Obstacle">Why nobody could be asked, where that is so.</param>
internal sealed record CostAnswer(bool IsYes, Exception? Obstacle = null);
