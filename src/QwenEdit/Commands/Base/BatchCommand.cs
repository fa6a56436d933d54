using System.Management.Automation;
using QwenEdit.Commands.Parameters;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Diagnostics;
using QwenEdit.Runs;

namespace QwenEdit.Commands.Base;

/// <summary>The parameters of a batch: what a run may submit at most, and again; and what it says of the images that it did not submit.</summary>
public abstract class BatchCommand : SessionCommand
{
    private int _notSubmitted;

    private protected BatchCommand(string activity)
        : base(activity)
    {
    }

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
    /// Edits that were submitted before are still received. The call waits for each of them as long as <see cref="SessionCommand.TimeoutSec"/>
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

    /// <summary>
    /// The name, without <c>$</c>, of a variable for the EditRun of the call: counts, cost, times and the exit code for a scheduled task.
    /// </summary>
    /// <remarks>
    /// The variable is set however the call ends: when it is done, when an error or Ctrl+C stops it, and when <c>Select-Object -First</c> ends it.
    /// See about_QwenEdit_Unattended.
    /// </remarks>
    [Parameter]
    [ValidatePattern("^[^+$]")]
    public string? RunVariable { get; set; }

    /// <summary>A folder for logs. It is created if it is missing. The call writes a new file of JSON lines there.</summary>
    /// <remarks>
    /// The name of the file is the start time (UTC) and the name of the cmdlet. Each line is an event with its time, level, ids and seconds. The last
    /// line has the values of the EditRun. The file never has the key. Other files in the folder are not changed. With <c>-WhatIf</c>, there is no
    /// log. See about_QwenEdit_Unattended.
    /// </remarks>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <inheritdoc/>
    private protected sealed override Resubmit ResubmitWhich => Resubmit;

    /// <inheritdoc/>
    private protected sealed override string? RunVariableName => RunVariable;

    /// <inheritdoc/>
    private protected sealed override string? LogFolder => LogPath;

    /// <inheritdoc/>
    private protected sealed override RunLimits Limits => new()
    {
        Cost = MaxCost > 0 ? MaxCost : null,
        Consent = ConfirmAbove is { } threshold && !this.IsUnasked()
            ? new CostConfirmation(threshold, (question, token) => Queue.AskAsync(_ => Ask(question), token))
            : null,
        Failure = MaxFailure is null ? null : FailureLimit.Parse(MaxFailure),
        Duration = MaxDuration > TimeSpan.Zero ? MaxDuration : null,
        IgnoreExpiry = Force,
    };

    private CostAnswer Ask(CostQuestion question)
    {
        if (Session.Breaker.Cause is not null)
        {
            // Stopped while the question waited for its turn.
            return new CostAnswer(IsYes: false);
        }

        CostAnswer answer = CostPrompt.Ask(this, question, Progress);
        Log.Verbose(
            $"Asked at -ConfirmAbove {SpendLedger.Show(question.Threshold)}, as {question}. The answer was {(answer.IsYes ? "Yes" : answer.Obstacle is null ? "No" : $"none: {answer.Obstacle.Message}")}",
            new EditEvent("spending.asked"));
        return answer;
    }

    /// <summary>Counts an image that is not submitted any more, if submitting has been stopped.</summary>
    private protected bool IsStopped()
    {
        if (!HasSession || Session.Breaker.Cause is null)
        {
            return false;
        }

        _notSubmitted++;
        Run!.NotSubmitted();
        return true;
    }

    /// <summary>Counts an image that is the result of an earlier edit, which a second call in one folder meets.</summary>
    private protected virtual void LeaveOut(QwenEditException reason, string source)
    {
        Run!.LeftOut();
        if (this.IsWhatIf())
        {
            _ = ShouldProcess(source, "Leave out, as it looks like the result of an earlier edit");
        }

        Log.Verbose($"{reason.Message} It is left out. To edit it, name a -DestinationPath.");
    }

    /// <summary>Writes what is wrong with an input, and counts it.</summary>
    private protected virtual void WriteInvalid(QwenEditException error, string target)
    {
        CountInvalid(error, target);
        WriteError(ErrorRecords.From(error, target));
    }

    /// <summary>Counts an input that can't become an edit.</summary>
    private protected virtual void CountInvalid(QwenEditException error, string target)
    {
        Run!.InvalidInput(error.Error);
        LogError(error, target);
    }

    /// <summary>Writes what became of an edit that ended without an image.</summary>
    private protected void WriteFailure(QwenEditException error, string source, string? requestId = null)
    {
        if (error.Error == EditError.SubmissionStopped)
        {
            _notSubmitted++;
        }
        else
        {
            WriteError(ErrorRecords.From(error, source, requestId));
        }
    }

    /// <inheritdoc/>
    private protected override void EndWork()
    {
        base.EndWork();
        if (_notSubmitted > 0)
        {
            string images = _notSubmitted == 1 ? "1 image was" : $"{_notSubmitted} images were";
            QwenEditException cause = Session.Breaker.Cause!;
            QwenEditException stopped = EditErrorCatalog.Of(cause.Error).IsLimit
                ? new QwenEditException(cause.Error, $"{cause.Message} {images} not submitted and cost nothing.", cause) { NextStep = cause.NextStep }
                : new QwenEditException(
                    EditError.SubmissionStopped, $"{images} not submitted and cost nothing, as no edit can succeed now: {cause.Message}", cause);
            LogError(stopped, null);
            WriteError(ErrorRecords.From(stopped, null));
        }
    }
}
