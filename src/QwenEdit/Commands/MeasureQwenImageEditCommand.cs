using System.Management.Automation;
using QwenEdit.Commands.Base;
using QwenEdit.Commands.Parameters;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Editing;

namespace QwenEdit.Commands;

/// <summary>Shows what Invoke-QwenImageEdit would do with the same parameters: the number of edits, their cost, and the problems.</summary>
/// <remarks>
/// <para>
/// The cmdlet reads the images, their destinations and the journal. Nothing is sent, nothing is spent, and no key is needed. Edits that are Unknown
/// or Expired are listed as problems. Invoke-QwenImageEdit would look them up in the account's request history first.
/// </para>
/// <para>
/// It accepts all parameters of Invoke-QwenImageEdit, so that you can use the same parameters for both. Parameters for sending have no effect.
/// </para>
/// <para>The expected cost and time come from the recent edits of the model in the journal. They are empty while the journal has none.</para>
/// </remarks>
/// <example>
/// <para>The cost of a folder</para>
/// <code>
/// Measure-QwenImageEdit *.png -Prompt 'Let it snow'
/// </code>
/// </example>
/// <example>
/// <para>The problems</para>
/// <code>
/// (Measure-QwenImageEdit * 'Let it snow').Problems
/// </code>
/// <para>There is one sentence for each image that would be an error.</para>
/// </example>
/// <example>
/// <para>Edit only if there are no problems</para>
/// <code>
/// $edit = @{ Prompt = 'Let it snow'; DestinationPath = 'snow' }
/// $forecast = Get-ChildItem *.png | Measure-QwenImageEdit @edit
/// if ($forecast.Problems.Count -eq 0) {
///     Get-ChildItem *.png | Invoke-QwenImageEdit @edit
/// }
/// </code>
/// </example>
/// <example>
/// <para>How many edits of a table are left</para>
/// <code>
/// (Import-Csv edits.csv |
///     Measure-QwenImageEdit -DestinationPath translated).ToSubmit
/// </code>
/// </example>
/// <seealso cref="InvokeQwenImageEditCommand"/>
/// <seealso cref="GetQwenEditCreditCommand"/>
[Cmdlet(VerbsDiagnostic.Measure, "QwenImageEdit", DefaultParameterSetName = "Path", HelpUri = HelpLink.Online)]
[OutputType(typeof(EditForecast))]
public sealed class MeasureQwenImageEditCommand : EditCommand
{
    private readonly Dictionary<string, int> _toSubmit = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];
    private int _images;
    private int _toReceive;
    private int _done;
    private int _leftOut;
    private long _bytes;

    /// <summary>Creates the cmdlet.</summary>
    public MeasureQwenImageEditCommand()
        : base("Measuring images", isRun: false)
    {
    }

    /// <inheritdoc/>
    private protected override bool Approves(PreparedEdit edit) => true;

    /// <inheritdoc/>
    private protected override void Start(PreparedEdit edit)
    {
        EditForecaster forecaster = Forecaster;
        Start(
            edit.Request,
            (ready, token) => LookAsync(forecaster, edit, ready, token),
            step => Count(edit, step),
            error => CountProblem(edit, error));
    }

    /// <inheritdoc/>
    private protected override void WriteInvalid(QwenEditException error, string target) => CountInvalid(error, target);

    /// <inheritdoc/>
    private protected override void CountInvalid(QwenEditException error, string? source, string? requestId = null)
    {
        _images++;
        _problems.Add(ErrorRecords.From(error, source).ErrorDetails.Message);
    }

    /// <inheritdoc/>
    private protected override void LeaveOut(QwenEditException reason, string source)
    {
        _leftOut++;
        this.WriteVerboseWithoutPrompt(TerminalText.Escape(reason.Message));
    }

    /// <inheritdoc/>
    private protected override void EndWork()
    {
        base.EndWork();
        // The total is unknown if the cost or the time of one model is unknown.
        decimal? cost = 0;
        double? seconds = 0;
        foreach (KeyValuePair<string, int> model in _toSubmit)
        {
            cost += Forecaster.CostOf(model.Key) * model.Value;
            seconds += Forecaster.LatencyOf(model.Key)?.TotalSeconds * Math.Ceiling((double)model.Value / ThrottleLimit);
        }

        WriteObject(new EditForecast
        {
            Images = _images,
            Bytes = _bytes,
            ToSubmit = _toSubmit.Values.Sum(),
            ToReceive = _toReceive,
            Done = _done,
            LeftOut = _leftOut,
            Problems = _problems.AsReadOnly(),
            ExpectedCost = cost,
            ExpectedDuration = seconds is null ? null : TimeSpan.FromSeconds(seconds.Value),
        });
    }

    private static async Task<NextStep> LookAsync(
        EditForecaster forecaster, PreparedEdit edit, Func<CancellationToken, Task>? ready, CancellationToken cancellationToken)
    {
        await (ready?.Invoke(cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        return forecaster.StepOf(edit, cancellationToken);
    }

    private void CountProblem(PreparedEdit edit, QwenEditException problem)
    {
        Progress.Ended(succeeded: false, null);
        CountInvalid(problem, edit.Request.Source);
    }

    private void Count(PreparedEdit edit, NextStep step)
    {
        Progress.Ended(succeeded: true, null);
        _images++;
        switch (step)
        {
            case NextStep.Submit:
                string model = edit.Request.Model;
                _toSubmit[model] = _toSubmit.TryGetValue(model, out int count) ? count + 1 : 1;
                _bytes += edit.Image?.Length ?? 0;
                break;
            case NextStep.Skip or NextStep.Confirm:
                _done++;
                break;
            default:
                _toReceive++;
                break;
        }
    }
}
