using System.Management.Automation;
using QwenEdit.Commands.Base;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Editing;

namespace QwenEdit.Commands;

/// <summary>Submits images to be edited and returns the jobs, without waiting for them.</summary>
/// <remarks>
/// <para>
/// A job is billed when it is done, even if its image is never received. The service deletes the record of a job one hour after its submission.
/// Receive the images before then: with Receive-QwenEditResult in this session, or with Resume-QwenImageEdit in any session.
/// </para>
/// <para>As with Invoke-QwenImageEdit, the journal records every edit. An edit that was submitted or received already is not submitted again.</para>
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
/// <para>With this id, another computer can receive the image for one hour.</para>
/// </example>
/// <example>
/// <para>A remote image</para>
/// <code>
/// Submit-QwenImageEdit https://example.com/harbour.jpg 'Make it night'
/// </code>
/// <para>The service downloads the image itself. The result is written to the current folder, as <c>harbour-edited.png</c>.</para>
/// </example>
/// <example>
/// <para>A random seed, and a higher guidance</para>
/// <code>
/// Get-ChildItem *.jpg |
///     Submit-QwenImageEdit -Prompt 'A watercolour' -Guidance 4 -Seed -1
/// </code>
/// <para>The property Seed of each job has the seed that was chosen. The same seed makes the same picture again.</para>
/// </example>
/// <seealso cref="GetQwenEditStatusCommand"/>
/// <seealso cref="ReceiveQwenEditResultCommand"/>
/// <seealso cref="ResumeQwenImageEditCommand"/>
/// <seealso cref="InvokeQwenImageEditCommand"/>
[Cmdlet(VerbsLifecycle.Submit, "QwenImageEdit", DefaultParameterSetName = "Path", SupportsShouldProcess = true, HelpUri = HelpLink.Online)]
[OutputType(typeof(EditJob))]
public sealed class SubmitQwenImageEditCommand : EditCommand
{
    /// <summary>Creates the cmdlet.</summary>
    public SubmitQwenImageEditCommand()
        : base("Submitting images")
    {
    }

    // A property without [Parameter] is not a parameter. A job that is not waited for is always asynchronous.
    /// <inheritdoc/>
    public override EditTransport Transport => EditTransport.Async;

    /// <inheritdoc/>
    private protected override void Start(PreparedEdit edit)
    {
        WarnOfStorage(edit);
        EditSession session = Session;
        Start(
            edit.Request,
            (ready, token) => session.SubmitAsync(edit, ready, token),
            Report,
            error => ReportError(edit.Request, error));
    }

    private void Report(EditJob job)
    {
        Progress.Ended(succeeded: true, null);
        WriteObject(job);
    }

    private void ReportError(EditRequest request, QwenEditException error)
    {
        Progress.Ended(succeeded: false, null);
        WriteFailure(error, request.Source);
    }
}
