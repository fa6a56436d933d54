using System.Management.Automation;
using QwenEdit.Engine;

namespace QwenEdit.Commands;

/// <summary>The parameters of a batch: what a run may submit at most, and again; and what it says of the images that it did not submit.</summary>
public abstract class BatchCommand : ConnectedCommand
{
    private int _notSubmitted;

    private protected BatchCommand(string activity)
        : base(activity)
    {
    }

    /// <summary>
    /// What the run's submissions may cost at most, in credits (US dollars): the cost so far, and an estimate for what is in flight, never pass
    /// it. While the journal knows no price of the model, images go one at a time.
    /// </summary>
    [Parameter]
    [ValidateRange(0.0001, 1000000.0)]
    public decimal MaxCost { get; set; }

    /// <summary>Submits nothing more after so many failures: a count such as 5, or a share of the ended edits such as 10%, from the tenth on.</summary>
    [Parameter]
    [ValidatePattern("^([1-9][0-9]{0,5}|([1-9][0-9]?|100)%)$")]
    public string? MaxFailure { get; set; }

    /// <summary>Submits nothing more after this time, one second or more; what was submitted is still received.</summary>
    [Parameter]
    [ValidateDuration]
    public TimeSpan MaxDuration { get; set; }

    /// <summary>Overwrites a file at the destination; and submits more jobs than can be received before the service forgets them.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Which edits of earlier runs are submitted, and so may be paid, once more.</summary>
    [Parameter]
    public Resubmit Resubmit { get; set; } = Resubmit.Failed;

    /// <summary>The name, without $, of a variable of the caller that the call's EditRun is put in, however the call ends.</summary>
    [Parameter]
    [ValidatePattern("^[^+$]")]
    public string? RunVariable { get; set; }

    /// <inheritdoc/>
    private protected sealed override Resubmit ResubmitWhich => Resubmit;

    /// <inheritdoc/>
    private protected sealed override string? RunVariableName => RunVariable;

    /// <inheritdoc/>
    private protected sealed override RunCaps Caps => new()
    {
        Cost = MaxCost > 0 ? MaxCost : null,
        Failure = MaxFailure is null ? null : FailureCap.Parse(MaxFailure),
        Duration = MaxDuration > TimeSpan.Zero ? MaxDuration : null,
        IgnoreExpiry = Force,
    };

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
    private protected void WriteInvalid(QwenEditException error, string target)
    {
        Run!.InvalidInput();
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
    private protected sealed override void EndWork()
    {
        if (_notSubmitted > 0)
        {
            string images = _notSubmitted == 1 ? "1 image was" : $"{_notSubmitted} images were";
            QwenEditException cause = Session.Brake.Cause!;
            WriteError(ErrorRecords.From(
                SubmissionBrake.IsCap(cause.Error)
                    ? new QwenEditException(cause.Error, $"{cause.Message} {images} not submitted and cost nothing.", cause)
                    : new QwenEditException(
                        EditError.SubmissionStopped, $"{images} not submitted and cost nothing, as no edit can succeed now: {cause.Message}", cause),
                null));
        }
    }
}
