namespace QwenEdit;

/// <summary>
/// What one call of <c>Invoke-QwenImageEdit</c>, <c>Submit-QwenImageEdit</c>, <c>Resume-QwenImageEdit</c> or <c>Receive-QwenEditResult</c> did:
/// counts, cost, times, and the exit code for a script.
/// </summary>
public sealed record EditRun
{
    /// <summary>The journal's number of the run; 0 where it never came to the journal, as with <c>-WhatIf</c>.</summary>
    public long RunId { get; init; }

    /// <summary>The cmdlet's name.</summary>
    public string Command { get; init; } = string.Empty;

    /// <summary>Whether the run has ended.</summary>
    public EditRunStatus Status { get; init; }

    /// <summary>When the cmdlet began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, in whichever way; <see langword="null"/> of one that works, or whose process was killed.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How long it took; <see langword="null"/> where it has not ended.</summary>
    public TimeSpan? Duration => EndedAt - StartedAt;

    /// <summary>
    /// How many images or jobs it was given. The counts below add up to it. Of a run that has not ended, the counts are what the journal knows of its
    /// edits.
    /// </summary>
    public int Total { get; init; }

    /// <summary>Jobs that were left at the service: those of <c>Submit-QwenImageEdit</c>, and those that were under way when a run was stopped.</summary>
    public int Submitted { get; init; }

    /// <summary>Edited images that this run submitted and received, or received by a request id.</summary>
    public int Received { get; init; }

    /// <summary>Edited images that were there already.</summary>
    public int Skipped { get; init; }

    /// <summary>Edited images of jobs that an earlier run had submitted.</summary>
    public int Resumed { get; init; }

    /// <summary>Edits that were refused, or ran and failed.</summary>
    public int Failed { get; init; }

    /// <summary>Edits of which nobody knows whether there is a job.</summary>
    public int Unknown { get; init; }

    /// <summary>Jobs that the service had forgotten.</summary>
    public int Expired { get; init; }

    /// <summary>Jobs that were not finished in time, and can still be received.</summary>
    public int TimedOut { get; init; }

    /// <summary>Jobs whose images could not be fetched or written, and can still be received.</summary>
    public int NotReceived { get; init; }

    /// <summary>Edits that another process works on.</summary>
    public int Busy { get; init; }

    /// <summary>Inputs that could not become an edit: no such file, no image, a row without a prompt, something else at the destination.</summary>
    public int InvalidInput { get; init; }

    /// <summary>
    /// Images that were left out because they lie beside their originals under the name of a result of an earlier edit. They are no errors.
    /// </summary>
    public int LeftOut { get; init; }

    /// <summary>Images that were not submitted, as submitting or the run had been stopped: see <see cref="StoppedBy"/>.</summary>
    public int NotSubmitted { get; init; }

    /// <summary>
    /// What the jobs cost that this run saw completed for the first time, in credits (US dollars). Each job counts in one run only, so that the
    /// sum over the runs is what was paid.
    /// </summary>
    public decimal Cost { get; init; }

    /// <summary>The account's balance in credits, as the service named it last.</summary>
    public decimal? RemainingCredits { get; init; }

    /// <summary>Why it stopped before all was done; <see langword="null"/> if it did not.</summary>
    public EditRunStop? StoppedBy { get; init; }

    /// <summary>
    /// The exit code for a script. Where several fit, the first of this table is taken.
    /// <list type="table">
    /// <listheader><term>code</term><description>meaning</description></listheader>
    /// <item><term>12</term><description>disk: the journal, the log or a destination can't be written</description></item>
    /// <item><term>7</term><description>stopped by credits or authorisation: the service would refuse every edit</description></item>
    /// <item><term>8</term><description>a limit was reached, and some images were not submitted because of it</description></item>
    /// <item><term>5</term><description>temporary, or cancelled, or not ended: run the same command again</description></item>
    /// <item><term>11</term><description>another process works on the same edit</description></item>
    /// <item><term>20</term><description>the outcome of an edit is unknown</description></item>
    /// <item><term>1</term><description>some failed</description></item>
    /// <item><term>0</term><description>every image is at its destination</description></item>
    /// </list>
    /// </summary>
    public int ExitCode { get; init; }
}
