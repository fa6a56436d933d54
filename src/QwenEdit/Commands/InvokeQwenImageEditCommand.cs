using System.Management.Automation;
using QwenEdit.Engine;

namespace QwenEdit.Commands;

/// <summary>Edits images: submits each, waits for it and writes the result to a file.</summary>
/// <remarks>
/// <para>
/// It takes files, paths, URLs and CSV rows, and says to Segmind's qwen-image-edit-fast in words what is to change. Several images are edited at
/// the same time, and each result is written as soon as it is done. An image that can't be edited is one error, and the others go on.
/// </para>
/// <para>
/// Each edit is billed by Segmind, a cent or two. Every step of it is in a journal before the next is taken: the same command run again, after a
/// crash, too, pays for nothing twice. What is there is skipped, what was submitted is received, and only the rest is submitted.
/// </para>
/// <para>
/// An API key is needed: the environment variable SEGMIND_API_KEY, or <see cref="ConnectedCommand.ApiKeySecret"/>, or
/// <see cref="ConnectedCommand.ApiKey"/>. -WhatIf says what would be done, without a key and without spending.
/// </para>
/// </remarks>
/// <example>
/// <para>One image</para>
/// <code>
/// Invoke-QwenImageEdit sale.png -Prompt "Change '1000$' to '5$'"
/// </code>
/// <para>Writes sale-edited.png beside sale.png.</para>
/// </example>
/// <example>
/// <para>A folder of images into another folder</para>
/// <code>
/// Get-ChildItem *.jpg |
///     Invoke-QwenImageEdit -Prompt 'Make it night' -DestinationPath night `
///         -ImageFormat Jpeg -Quality 80
/// </code>
/// <para>Each result comes as soon as it is done. Run again, it skips what is there and edits what is new.</para>
/// </example>
/// <example>
/// <para>What would be done</para>
/// <code>
/// Invoke-QwenImageEdit *.png 'Let it snow' -DestinationPath snow -WhatIf
/// </code>
/// <para>Nothing is sent, and no key is needed. What is wrong with an image or with a destination is said, too.</para>
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
/// <para>The columns have the names of parameters: Path (or Uri), Prompt, Seed and so on. An empty cell is the parameter's default.</para>
/// </example>
/// <example>
/// <para>A scheduled task that spends two dollars at most</para>
/// <code>
/// Get-ChildItem *.png |
///     Invoke-QwenImageEdit -Prompt 'Remove the background' `
///         -DestinationPath done -MaxCost 2 -RunVariable run
/// exit $run.ExitCode
/// </code>
/// <para>See about_QwenEdit_Unattended for what the exit codes mean.</para>
/// </example>
/// <example>
/// <para>Asked before it costs more than five dollars</para>
/// <code>
/// Invoke-QwenImageEdit *.jpg 'Make it a pencil drawing' `
///     -DestinationPath drawn -ConfirmAbove 5
/// </code>
/// <para>What was edited until then is there, whatever the answer. -Confirm:$false, or a host that can't ask, never waits for one.</para>
/// </example>
/// <seealso cref="SubmitQwenImageEditCommand"/>
/// <seealso cref="ResumeQwenImageEditCommand"/>
/// <seealso cref="GetQwenEditJobCommand"/>
/// <seealso cref="GetQwenEditRunCommand"/>
[Cmdlet(VerbsLifecycle.Invoke, "QwenImageEdit", DefaultParameterSetName = "Path", SupportsShouldProcess = true, HelpUri = HelpLink.Online)]
[OutputType(typeof(EditResult))]
public sealed class InvokeQwenImageEditCommand : WholeEditCommand
{
    /// <summary>Makes the cmdlet.</summary>
    public InvokeQwenImageEditCommand()
        : base("Editing images")
    {
    }

    /// <inheritdoc/>
    private protected override void Start(PreparedEdit edit)
    {
        WarnOfStorage(edit);
        EditSession session = Session;
        Start(
            token => session.EditAsync(edit, token),
            ended => Report(edit.Request, ended),
            ended => ended.Result?.Status is EditOutcome.Received or EditOutcome.Resumed);
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
