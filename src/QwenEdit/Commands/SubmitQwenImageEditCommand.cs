using System.Management.Automation;
using QwenEdit.Engine;

namespace QwenEdit.Commands;

/// <summary>Submits images to be edited and returns the jobs, without waiting for them.</summary>
/// <remarks>
/// <para>
/// A job is billed once it is done, whether its image is received or not. The service forgets a job one hour after its submission: receive the
/// images until then, with Receive-QwenEditResult in this session, or with Resume-QwenImageEdit in any other.
/// </para>
/// <para>
/// As with Invoke-QwenImageEdit, the journal knows every edit: one that is submitted or received already is not submitted again.
/// </para>
/// </remarks>
/// <example>
/// <para>Submit, and receive later</para>
/// <code>
/// $jobs = Get-ChildItem *.png |
///     Submit-QwenImageEdit -Prompt 'Let it snow' -DestinationPath snow
/// $jobs | Receive-QwenEditResult -Wait
/// </code>
/// </example>
/// <example>
/// <para>Submit one image and keep its request id</para>
/// <code>
/// $job = Submit-QwenImageEdit sale.png "Change '1000$' to '5$'"
/// Get-QwenEditStatus $job.RequestId
/// </code>
/// <para>The id is all that another machine needs to receive the image, within an hour.</para>
/// </example>
/// <example>
/// <para>A remote image</para>
/// <code>
/// Submit-QwenImageEdit https://example.com/harbour.jpg 'Make it night'
/// </code>
/// <para>The service fetches it by itself. The result will go into the current folder, as harbour-edited.png.</para>
/// </example>
/// <example>
/// <para>A random seed, and a harder push</para>
/// <code>
/// Get-ChildItem *.jpg |
///     Submit-QwenImageEdit -Prompt 'A watercolour' -Guidance 4 -Seed -1
/// </code>
/// <para>Each job has the seed that was drawn for it in its property Seed, with which the picture can be made again.</para>
/// </example>
/// <seealso cref="GetQwenEditStatusCommand"/>
/// <seealso cref="ReceiveQwenEditResultCommand"/>
/// <seealso cref="ResumeQwenImageEditCommand"/>
/// <seealso cref="InvokeQwenImageEditCommand"/>
[Cmdlet(VerbsLifecycle.Submit, "QwenImageEdit", DefaultParameterSetName = "Path", SupportsShouldProcess = true, HelpUri = HelpLink.Online)]
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
        WarnOfStorage(edit);
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
