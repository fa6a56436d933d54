using System.Management.Automation;
using QwenEdit.Commands.Base;
using QwenEdit.Commands.Completion;
using QwenEdit.Commands.Pipeline;

namespace QwenEdit.Commands;

/// <summary>Removes edits from the journal. If you ask for them again, they are paid for again.</summary>
/// <remarks>
/// <para>
/// The edited images and the jobs at the service are not removed. Use the cmdlet for edits that you have settled yourself, and to make the journal
/// smaller.
/// </para>
/// <para>
/// The cmdlet asks for confirmation of each edit, unless you use <c>-Confirm:$false</c>. An edit that was not received, or whose outcome is unknown,
/// is an error, JobUnfinished, unless you use <see cref="Force"/>.
/// </para>
/// </remarks>
/// <example>
/// <para>One edit by its number</para>
/// <code>
/// Remove-QwenEditJob 1
/// </code>
/// <para><c>Get-QwenEditJob | Select-Object EditId, Source</c> shows the numbers.</para>
/// </example>
/// <example>
/// <para>All edits of some images</para>
/// <code>
/// Get-QwenEditJob *.jpg | Remove-QwenEditJob -Force
/// </code>
/// <para><c>-Force</c> removes edits in any state. Images that were paid for and not received are lost.</para>
/// </example>
/// <example>
/// <para>Failed edits, without confirmation</para>
/// <code>
/// Get-QwenEditJob -Status Failed, Rejected |
///     Remove-QwenEditJob -Confirm:$false
/// </code>
/// </example>
/// <example>
/// <para>Show what would be removed</para>
/// <code>
/// Get-QwenEditJob -Status Received | Remove-QwenEditJob -WhatIf
/// </code>
/// </example>
/// <seealso cref="GetQwenEditJobCommand"/>
/// <seealso cref="GetQwenEditRunCommand"/>
[Cmdlet(VerbsCommon.Remove, "QwenEditJob", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = HelpLink.Online)]
public sealed class RemoveQwenEditJobCommand : JournalCommand
{
    /// <summary>The numbers of the edits in the journal. Jobs from Get-QwenEditJob bind to this parameter.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EditIdCompleter))]
    public long[] EditId { get; set; } = [];

    /// <summary>Also removes edits that were not received, and edits whose outcome is unknown. What was paid for them is lost.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessInput()
    {
        foreach (long id in EditId)
        {
            Try(() => Remove(id), error => WriteError(error, id));
        }
    }

    private void Remove(long id)
    {
        // An edit that can't be removed is an error before the user is asked about it, and with -WhatIf too.
        EditJob job = Journal.FindRemovable(id, Force);
        if (ShouldProcess($"edit {id} of {TerminalText.Escape(job.Source)}", "Remove from the journal"))
        {
            Journal.Remove(id, Force);
        }
    }
}
