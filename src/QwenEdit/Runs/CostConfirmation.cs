namespace QwenEdit.Runs;

/// <summary>The user's consent to spend more than <c>-ConfirmAbove</c>. A run asks for it once.</summary>
/// <param name="threshold">In credits. Without consent, no edit is submitted that could exceed it.</param>
/// <param name="ask">Asks the user and returns the answer.</param>
internal sealed class CostConfirmation(decimal threshold, Func<CostQuestion, CancellationToken, Task<CostAnswer>> ask)
{
    internal decimal Threshold => threshold;

    /// <summary>Whether the user was asked.</summary>
    internal bool IsAsked { get; set; }

    /// <summary>Whether the answer was yes.</summary>
    internal bool IsGiven { get; set; }

    internal Task<CostAnswer> AskAsync(CostQuestion question, CancellationToken cancellationToken) => ask(question, cancellationToken);
}

/// <summary>What the question tells the user. Amounts are in credits.</summary>
/// <param name="Threshold">The amount that would be exceeded.</param>
/// <param name="Spent">What the run has spent so far.</param>
/// <param name="InFlight">How many edits are in flight.</param>
/// <param name="InFlightCost">The estimated cost of these edits.</param>
/// <param name="Price">The estimated cost of one more edit; <see langword="null"/> if it is unknown.</param>
internal sealed record CostQuestion(decimal Threshold, decimal Spent, int InFlight, decimal InFlightCost, decimal? Price)
{
    /// <summary>How many edits of the run have ended.</summary>
    internal int Ended { get; init; }

    /// <summary>Whether an edit may have been billed whose cost is unknown.</summary>
    internal bool IsUnclear { get; init; }

    /// <summary>Returns the facts as a part of a sentence.</summary>
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
/// <param name="IsYes">Whether the run may continue without asking again.</param>
/// <param name="Obstacle">Why the user could not be asked, if so.</param>
internal sealed record CostAnswer(bool IsYes, Exception? Obstacle = null);
