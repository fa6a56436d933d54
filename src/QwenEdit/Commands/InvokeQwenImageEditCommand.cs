using System.Management.Automation;
using QwenEdit.Commands.Base;
using QwenEdit.Commands.Pipeline;
using QwenEdit.Editing;
using QwenEdit.Runs;

namespace QwenEdit.Commands;

/// <summary>Edits images: submits each one, waits for it and writes the result to a file.</summary>
/// <remarks>
/// <para>
/// The cmdlet takes files, paths, URLs and CSV rows. The prompt describes the change to Segmind's qwen-image-edit-fast in words. Several images are
/// edited at the same time, and each result is returned as soon as it is done. An image that can't be edited is one error, and the other images
/// continue.
/// </para>
/// <para>
/// Segmind bills each edit: about four cents, 0.0364 US dollars on average. Each step of an edit is recorded in a journal before the next step. If
/// you run the same command again, even after a crash, nothing is paid for twice: edits that are done are skipped, edits that were submitted are
/// received, and only the others are submitted.
/// </para>
/// <para>
/// The cmdlet needs an API key: the environment variable SEGMIND_API_KEY, <see cref="ConnectionCommand.ApiKeySecret"/> or <see
/// cref="ConnectionCommand.ApiKey"/>. <c>-WhatIf</c> shows what the call would do. It needs no key and costs nothing.
/// </para>
/// </remarks>
/// <example>
/// <para>One image</para>
/// <code>
/// Invoke-QwenImageEdit sale.png -Prompt "Change '1000$' to '5$'"
/// </code>
/// <para>Writes <c>sale-edited.png</c> beside <c>sale.png</c>.</para>
/// </example>
/// <example>
/// <para>A folder of images into another folder</para>
/// <code>
/// Get-ChildItem *.jpg |
///     Invoke-QwenImageEdit -Prompt 'Make it night' -DestinationPath night `
///         -ImageFormat Jpeg -Quality 80
/// </code>
/// <para>Each result is returned as soon as it is done. If you run the command again, it skips these images and edits new ones.</para>
/// </example>
/// <example>
/// <para>Show what the command would do</para>
/// <code>
/// Invoke-QwenImageEdit *.png 'Let it snow' -DestinationPath snow -WhatIf
/// </code>
/// <para>Nothing is sent, and no key is needed. Problems with images and destinations are shown too.</para>
/// </example>
/// <example>
/// <para>A prompt and a destination for each image</para>
/// <code>
/// Get-ChildItem *.png |
///     Invoke-QwenImageEdit -Prompt { "Write '$($_.BaseName)' at the top" } `
///         -DestinationPath { "titled/$($_.Name)" }
/// </code>
/// </example>
/// <example>
/// <para>A table of edits</para>
/// <code>
/// Import-Csv edits.csv | Invoke-QwenImageEdit -DestinationPath translated
/// </code>
/// <para>The columns have the names of parameters: Path or Uri, Prompt, Seed and so on. An empty cell means the default of the parameter.</para>
/// </example>
/// <example>
/// <para>A scheduled task that spends at most two dollars</para>
/// <code>
/// Get-ChildItem *.png |
///     Invoke-QwenImageEdit -Prompt 'Remove the background' `
///         -DestinationPath done -MaxCost 2 -RunVariable run
/// exit $run.ExitCode
/// </code>
/// <para>The exit codes are listed in about_QwenEdit_Unattended.</para>
/// </example>
/// <example>
/// <para>Ask before the call costs more than five dollars</para>
/// <code>
/// Invoke-QwenImageEdit *.jpg 'Make it a pencil drawing' `
///     -DestinationPath drawn -ConfirmAbove 5
/// </code>
/// <para>The images that were edited before the question stay, whatever the answer. With <c>-Confirm:$false</c>, and in a host that can't ask, the call does not wait for an answer.</para>
/// </example>
/// <seealso cref="SubmitQwenImageEditCommand"/>
/// <seealso cref="ResumeQwenImageEditCommand"/>
/// <seealso cref="GetQwenEditJobCommand"/>
/// <seealso cref="GetQwenEditRunCommand"/>
[Cmdlet(VerbsLifecycle.Invoke, "QwenImageEdit", DefaultParameterSetName = "Path", SupportsShouldProcess = true, HelpUri = HelpLink.Online)]
[OutputType(typeof(EditResult))]
public sealed class InvokeQwenImageEditCommand : EditCommand
{
    /// <summary>Creates the cmdlet.</summary>
    public InvokeQwenImageEditCommand()
        : base("Editing images")
    {
    }

    /// <inheritdoc/>
    private protected override void Start(PreparedEdit edit)
    {
        WarnOfStorage(edit);
        EditSession session = Session;
        Start(edit.Request, (ready, token) => session.EditAsync(edit, ready, token), ended => Report(edit.Request, ended));
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
