using System.Management.Automation;
using QwenEdit.Engine;

namespace QwenEdit.Commands;

/// <summary>Submits images to be edited and returns the jobs, without waiting for them.</summary>
[Cmdlet(VerbsLifecycle.Submit, "QwenImageEdit", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(EditJob))]
public sealed class SubmitQwenImageEditCommand : EditCommand
{
    /// <summary>Makes the cmdlet.</summary>
    public SubmitQwenImageEditCommand()
        : base("Submitting images")
    {
    }

    /// <inheritdoc/>
    private protected override void Start(PreparedEdit edit)
    {
        EditSession session = Session;
        Start(token => SubmitAsync(session, edit, token), ended => Report(edit, ended));
    }

    private static async Task<(EditJob? Job, QwenEditException? Error)> SubmitAsync(EditSession session, PreparedEdit edit, CancellationToken token)
    {
        try
        {
            return (await session.SubmitAsync(edit, token).ConfigureAwait(false), null);
        }
        catch (QwenEditException exception)
        {
            return (null, exception);
        }
    }

    private void Report(PreparedEdit edit, (EditJob? Job, QwenEditException? Error) ended)
    {
        Progress.Ended(ended.Error is null, null);
        if (ended.Error is not null)
        {
            WriteFailure(ended.Error, edit.Request.Source);
        }
        else
        {
            WriteObject(ended.Job);
        }
    }
}
