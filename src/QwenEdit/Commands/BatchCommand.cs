using System.Management.Automation;
using QwenEdit.Engine;

namespace QwenEdit.Commands;

/// <summary>The parameters of a batch: what a run may submit at most, and again; and what it says of the images that it did not submit.</summary>
public abstract class BatchCommand : SessionCommand
{
    private int _notSubmitted;

    private protected BatchCommand(string activity)
        : base(activity)
    {
    }

    /// <summary>
    /// What this call's submissions may cost at most, in credits (US dollars). Without it there is no limit.
    /// </summary>
    /// <remarks>
    /// <para>
    /// What the call has spent, together with an estimate for what is in flight, never passes it. The estimate of an edit is the highest of the
    /// model's last fifty costs in the journal; while there is none, images go one at a time.
    /// </para>
    /// <para>
    /// An edit that could pass it is not submitted. What was submitted is still received, and one error, MaxCostReached, says how many images were
    /// not submitted. Should the service ever name no cost, submitting stops, as the limit could not be kept.
    /// </para>
    /// <para>Each call counts from zero: the same command run again may spend as much again.</para>
    /// </remarks>
    [Parameter]
    [ValidateRange(0.0001, 1000000.0)]
    public decimal MaxCost { get; set; }

    /// <summary>
    /// Asks before this call's submissions cost more than this, in credits (US dollars); 0 asks before the first. Without it nothing is asked.
    /// </summary>
    /// <remarks>
    /// <para>
    /// It is asked once, when what the call has spent, what is in flight and one more edit would pass it together; the estimates are those of
    /// <see cref="MaxCost"/>. Meanwhile what is in flight goes on, and nothing more is submitted. After a Yes the call goes on to its end, or to
    /// -MaxCost; after a No, what was submitted is received, and one error, ConfirmAboveReached, says how many images were not submitted.
    /// </para>
    /// <para>
    /// With -Confirm:$false it never asks. Where nobody can be asked, as with pwsh -NonInteractive, that is a No. A job of Start-Job waits,
    /// Blocked, until Receive-Job can ask.
    /// </para>
    /// </remarks>
    [Parameter]
    [ValidateRange(0.0, 1000000.0)]
    public decimal? ConfirmAbove { get; set; }

    /// <summary>
    /// Submits nothing more after so many failures: a count such as 5, or a share such as '10%'. Without it there is no limit.
    /// </summary>
    /// <remarks>
    /// A share is of the edits that have ended, and counts from the tenth on. Edits that another process works on, and inputs that are no images,
    /// are no failures. What was submitted is still received.
    /// </remarks>
    [Parameter]
    [ValidatePattern("^([1-9][0-9]{0,5}|([1-9][0-9]?|100)%)$")]
    public string? MaxFailure { get; set; }

    /// <summary>
    /// Submits nothing more after this time, such as '00:30:00' for half an hour; one second or more. Without it there is no limit.
    /// </summary>
    /// <remarks>What was submitted by then is still waited for, each edit as long as <see cref="SessionCommand.TimeoutSec"/> says, and received.</remarks>
    [Parameter]
    [ValidateDuration]
    public TimeSpan MaxDuration { get; set; }

    /// <summary>Overwrites a file at the destination. Without it, such an image is an error, DestinationExists, and is not sent.</summary>
    /// <remarks>
    /// <para>A result of the same edit needs no force: it is there, and the edit is skipped.</para>
    /// <para>
    /// Has Submit-QwenImageEdit go on, too, where more jobs would be out than can be received before the service forgets them (TooManyJobs).
    /// </para>
    /// </remarks>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Which edits of earlier runs are submitted, and so may be paid, once more. Several values are separated by commas.</summary>
    /// <remarks>
    /// <para>
    /// It is about edits that the journal knows already: the same image, prompt, parameters, endpoint and destination. What is received is skipped,
    /// and what is at the service is received, whatever is said here.
    /// </para>
    /// <para>
    /// Use Expired or Unknown only after a look into Segmind's request history (see about_QwenEdit_Journal): there may be a job that was paid for.
    /// </para>
    /// </remarks>
    [Parameter]
    public Resubmit Resubmit { get; set; } = Resubmit.Failed;

    /// <summary>
    /// The name, without $, of a variable that the call's EditRun is put in: counts, cost, times and the ExitCode for a scheduled task.
    /// </summary>
    /// <remarks>
    /// It is set on every way out: done, stopped by an error or by Ctrl+C, or left by Select-Object -First. See about_QwenEdit_Unattended.
    /// </remarks>
    [Parameter]
    [ValidatePattern("^[^+$]")]
    public string? RunVariable { get; set; }

    /// <summary>A folder for logs, which is made if need be: the call writes a file of its own there, of JSON lines.</summary>
    /// <remarks>
    /// Its name is the time of the start (UTC) and the cmdlet's. Each line is an event with its time, level, ids and seconds; the last one has what
    /// the EditRun has. The key is in none. Nothing is deleted there. -WhatIf writes none. See about_QwenEdit_Unattended.
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
    private protected sealed override RunCaps Caps => new()
    {
        Cost = MaxCost > 0 ? MaxCost : null,
        Consent = ConfirmAbove is { } threshold && !this.IsUnasked()
            ? new SpendingConsent(threshold, (question, token) => Queue.AskAsync(_ => Ask(question), token))
            : null,
        Failure = MaxFailure is null ? null : FailureCap.Parse(MaxFailure),
        Duration = MaxDuration > TimeSpan.Zero ? MaxDuration : null,
        IgnoreExpiry = Force,
    };

    private SpendingAnswer Ask(SpendingQuestion question)
    {
        if (Session.Brake.Cause is not null)
        {
            // Stopped while the question waited for its turn.
            return new SpendingAnswer(IsYes: false);
        }

        SpendingAnswer answer = SpendingPrompt.Ask(this, question, Progress);
        Log.Verbose(
            $"Asked at -ConfirmAbove {RunSpending.Show(question.Threshold)}, as {question}. The answer was {(answer.IsYes ? "Yes" : answer.Obstacle is null ? "No" : $"none: {answer.Obstacle.Message}")}",
            new EditEvent("spending.asked"));
        return answer;
    }

    /// <summary>Counts an image that is not submitted any more, if submitting has been stopped.</summary>
    private protected bool IsStopped()
    {
        if (!HasSession || Session.Brake.Cause is null)
        {
            return false;
        }

        _notSubmitted++;
        Run!.NotSubmitted();
        return true;
    }

    /// <summary>Writes what is wrong with an input.</summary>
    private protected virtual void WriteInvalid(QwenEditException error, string target)
    {
        Run!.InvalidInput(error.Error);
        LogError(error, target);
        WriteError(ErrorRecords.From(error, target));
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
        if (_notSubmitted > 0)
        {
            string images = _notSubmitted == 1 ? "1 image was" : $"{_notSubmitted} images were";
            QwenEditException cause = Session.Brake.Cause!;
            QwenEditException stopped = SubmissionBrake.IsCap(cause.Error)
                ? new QwenEditException(cause.Error, $"{cause.Message} {images} not submitted and cost nothing.", cause)
                : new QwenEditException(
                    EditError.SubmissionStopped, $"{images} not submitted and cost nothing, as no edit can succeed now: {cause.Message}", cause);
            LogError(stopped, null);
            WriteError(ErrorRecords.From(stopped, null));
        }
    }
}
