using System.Management.Automation;
using QwenEdit.Runs;

namespace QwenEdit.Commands.Pipeline;

/// <summary>Asks the user, on the pipeline thread, whether a run may spend more than <c>-ConfirmAbove</c>.</summary>
internal static class CostPrompt
{
    /// <summary>Asks, and waits for the answer. A host that can't ask is an answer, too.</summary>
    /// <exception cref="PipelineStoppedException">The user stopped the call instead.</exception>
    internal static CostAnswer Ask(PSCmdlet cmdlet, CostQuestion question, EditProgress progress)
    {
        string caption = $"-ConfirmAbove {SpendLedger.Show(question.Threshold)} would be passed";
        string facts = question.ToString();
        string query = $"{char.ToUpperInvariant(facts[0])}{facts.Substring(1)}. {ToGo(question, progress)} Go on, without being asked again?";
        try
        {
            return new CostAnswer(cmdlet.ShouldContinue(query, caption));
        }
        // Whatever a host throws: PowerShell's own has several exceptions for it, by what is at its standard input.
        catch (Exception exception) when (exception is not PipelineStoppedException && !cmdlet.Stopping)
        {
            return new CostAnswer(IsYes: false, exception);
        }
    }

    // Some of them may be done already, or be no images.
    private static string ToGo(CostQuestion question, EditProgress progress)
    {
        // The results of the edits that have ended may not have come to the pipeline yet.
        int done = Math.Max(progress.Done, question.Ended);
        int left = Math.Max(1, (progress.Expected ?? progress.Started) - done - question.InFlight);
        string images = left == 1 ? "1 image is" : $"{left} images are";
        string cost = question.Price is { } price ? $", for about {SpendLedger.Show(left * price)}" : string.Empty;
        return progress.Expected is null
            ? $"{images} waiting{cost}, and more may come down the pipeline."
            : $"{images} left at most{cost}.";
    }
}
