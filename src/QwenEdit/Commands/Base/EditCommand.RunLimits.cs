using System.Management.Automation;
using QwenEdit.Commands.Parameters;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Runs;

namespace QwenEdit.Commands.Base;

// The parameters that limit what a run submits.
public abstract partial class EditCommand
{
    /// <summary>The maximum cost of the edits that this call submits, in credits (US dollars). Without this parameter, there is no limit.</summary>
    /// <remarks>
    /// <para>
    /// The cost so far, plus an estimate for the edits in progress, never exceeds it. The estimate for an edit is the highest of the last fifty costs
    /// of the model in the journal. While the journal has none, images are submitted one at a time.
    /// </para>
    /// <para>
    /// An edit that could exceed the limit is not submitted. Edits that were submitted before are still received, and one error, MaxCostReached, has
    /// the number of images that were not submitted. If the service does not report a cost, submitting stops, because the limit could not be kept.
    /// </para>
    /// <para>Each call starts from zero: the same command, run again, can spend the same amount again.</para>
    /// </remarks>
    [Parameter]
    [ValidateRange(0.0001, 1000000.0)]
    public decimal MaxCost { get; set; }

    /// <summary>
    /// Asks for confirmation before the edits of this call cost more than this, in credits (US dollars). 0 asks before the first edit. Without this
    /// parameter, the call does not ask.
    /// </summary>
    /// <remarks>
    /// <para>
    /// It asks once: when the cost so far, the edits in progress and one more edit together would exceed the value. The estimates are those of <see
    /// cref="MaxCost"/>. While it waits for the answer, the edits in progress continue, and no further edit is submitted. After Yes, the call
    /// continues to its end or to <see cref="MaxCost"/>. After No, the submitted edits are received, and one error, ConfirmAboveReached, has the
    /// number of images that were not submitted.
    /// </para>
    /// <para>
    /// With <c>-Confirm:$false</c> it never asks. If nobody can be asked, as with <c>pwsh -NonInteractive</c>, the answer is No. A job of Start-Job
    /// is Blocked until Receive-Job can ask.
    /// </para>
    /// </remarks>
    [Parameter]
    [ValidateRange(0.0, 1000000.0)]
    public decimal? ConfirmAbove { get; set; }

    /// <summary>
    /// Stops submitting after this many failures: a number such as 5, or a percentage such as '10%'. Without this parameter, there is no limit.
    /// </summary>
    /// <remarks>
    /// A percentage is that of the edits that have ended. It applies from the tenth edit on. Edits that another process is working on and inputs that
    /// are not images do not count as failures. Edits that were submitted before are still received.
    /// </remarks>
    [Parameter]
    [ValidatePattern("^([1-9][0-9]{0,5}|([1-9][0-9]?|100)%)$")]
    public string? MaxFailure { get; set; }

    /// <summary>
    /// Stops submitting after this time, such as '00:30:00' for half an hour. The minimum is one second. Without this parameter, there is no limit.
    /// </summary>
    /// <remarks>
    /// Edits that were submitted before are still received. The call waits for each of them as long as <see cref="RunCommand.TimeoutSec"/>
    /// allows.
    /// </remarks>
    [Parameter]
    [ValidateDuration]
    public TimeSpan MaxDuration { get; set; }

    /// <summary>
    /// Overwrites a file at the destination. Without this parameter, the file is an error, DestinationExists, and the image is not sent.
    /// </summary>
    /// <remarks>
    /// <para>A result of the same edit does not need this parameter: the edit is skipped.</para>
    /// <para>It also lets Submit-QwenImageEdit submit more jobs than can be received before the service deletes their records (TooManyJobs).</para>
    /// </remarks>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The edits of earlier runs that are submitted again, and so may be paid for again. Separate several values with commas.</summary>
    /// <remarks>
    /// <para>
    /// It applies to edits that the journal has already: the same image, prompt, parameters, endpoint and destination. Edits that are received are
    /// skipped and edits that are at the service are received, whatever the value.
    /// </para>
    /// <para>
    /// Before you use Expired or Unknown, look at the request history of Segmind's console: there may be a job that was paid for. See
    /// about_QwenEdit_Journal.
    /// </para>
    /// </remarks>
    [Parameter]
    public Resubmit Resubmit { get; set; } = Resubmit.Failed;

    private RunLimits Limits => new()
    {
        Cost = MaxCost > 0 ? MaxCost : null,
        Consent = ConfirmAbove is { } threshold && !this.IsUnasked()
            ? new CostConfirmation(threshold, (question, token) => Queue.AskAsync(_ => Ask(question), token))
            : null,
        Failure = MaxFailure is null ? null : FailureLimit.Parse(MaxFailure),
        Duration = MaxDuration > TimeSpan.Zero ? MaxDuration : null,
        IgnoreExpiry = Force,
    };

    // Submitting may have stopped while the question waited for the pipeline thread.
    private CostAnswer Ask(CostQuestion question) =>
        Session.Breaker.Cause is null ? CostPrompt.Ask(this, question, Progress, Log) : new CostAnswer(IsYes: false);
}
