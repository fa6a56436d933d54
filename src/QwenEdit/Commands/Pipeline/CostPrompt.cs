using System.Management.Automation;
using QwenEdit.Diagnostics;
using QwenEdit.Runs;

namespace QwenEdit.Commands.Pipeline;

/// <summary>Asks the user, on the pipeline thread, whether a run may spend more than <c>-ConfirmAbove</c>.</summary>
internal static class CostPrompt
{
    /// <summary>Asks, waits for the answer and logs it. If the host can't ask, the answer is No.</summary>
    /// <exception cref="PipelineStoppedException">The user stopped the call instead.</exception>
    internal static CostAnswer Ask(PSCmdlet cmdlet, CostQuestion question, EditProgress progress, IEditLog log)
    {
        string caption = $"-ConfirmAbove {SpendLedger.Show(question.Threshold)} would be passed";
        string facts = question.ToString();
        string query = $"{char.ToUpperInvariant(facts[0])}{facts.Substring(1)}. {ToGo(question, progress)} Go on, without being asked again?";
        CostAnswer answer = Ask(cmdlet, query, caption);
        string word = answer.IsYes ? "Yes" : answer.Obstacle is null ? "No" : $"none: {answer.Obstacle.Message}";
        log.Verbose($"Asked at -ConfirmAbove {SpendLedger.Show(question.Threshold)}, as {question}. The answer was {word}", new EditEvent("spending.asked"));
        return answer;
    }

    private static CostAnswer Ask(PSCmdlet cmdlet, string query, string caption)
    {
        try
        {
            return new CostAnswer(cmdlet.ShouldContinue(query, caption));
        }
        // Hosts throw different exceptions if nobody can be asked. PowerShell's own host has several, depending on its standard input.
        catch (Exception exception) when (exception is not PipelineStoppedException && !cmdlet.Stopping)
        {
            return new CostAnswer(IsYes: false, exception);
        }
    }

    // An upper limit: some images may be done already, and some files may not be images.
    private static string ToGo(CostQuestion question, EditProgress progress)
    {
        // The pipeline thread may not have written the results of all ended edits yet.
        int done = Math.Max(progress.Done, question.Ended);
        int left = Math.Max(1, (progress.Expected ?? progress.Started) - done - question.InFlight);
        string images = left == 1 ? "1 image is" : $"{left} images are";
        string cost = question.Price is { } price ? $", for about {SpendLedger.Show(left * price)}" : string.Empty;
        return progress.Expected is null
            ? $"{images} waiting{cost}, and more may come down the pipeline."
            : $"{images} left at most{cost}.";
    }
}
