using System.Management.Automation;
using QwenEdit.Engine;

namespace QwenEdit.Commands;

/// <summary>Edits images: submits each, waits for it and writes the result to a file.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "QwenImageEdit", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(EditResult))]
public sealed class InvokeQwenImageEditCommand : EditCommand
{
    /// <summary>Makes the cmdlet.</summary>
    public InvokeQwenImageEditCommand()
        : base("Editing images")
    {
    }

    /// <inheritdoc/>
    private protected override void Start(PreparedEdit edit)
    {
        EditSession session = Session;
        Start(token => session.EditAsync(edit, token), ended => Report(edit.Request, ended));
    }

    private void Report(EditRequest request, EndedEdit ended)
    {
        Progress.Ended(ended.Error is null, ended.Result?.Status == EditOutcome.Skipped ? null : ended.Result?.Cost);
        if (ended.Error is not null)
        {
            WriteFailure(ended.Error, request.Source, ended.Result?.RequestId);
        }

        if (ended.Result is not null)
        {
            WriteObject(ended.Result);
        }
    }
}
