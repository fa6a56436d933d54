using System.Management.Automation;

namespace QwenEdit.Commands;

/// <summary>Has the journal forget edits. Asked for again, they would be paid again.</summary>
/// <remarks>
/// <para>
/// The edited images stay where they are, and so do the jobs at the service. It is for edits that are settled by hand, and for a journal that is
/// to hold less.
/// </para>
/// <para>
/// It asks before each edit, unless -Confirm:$false is given. An edit that has something to receive or to settle is an error, JobUnfinished,
/// unless -Force is given.
/// </para>
/// </remarks>
/// <example>
/// <para>One edit by its number</para>
/// <code>
/// Remove-QwenEditJob 1
/// </code>
/// <para>Get-QwenEditJob | Select-Object EditId, Source shows the numbers.</para>
/// </example>
/// <example>
/// <para>All edits of some images</para>
/// <code>
/// Get-QwenEditJob *.jpg | Remove-QwenEditJob -Force
/// </code>
/// <para>With -Force, whatever their state. What was paid for and not received is lost.</para>
/// </example>
/// <example>
/// <para>What failed, without a question</para>
/// <code>
/// Get-QwenEditJob -Status Failed, Rejected |
///     Remove-QwenEditJob -Confirm:$false
/// </code>
/// </example>
/// <example>
/// <para>What would be forgotten</para>
/// <code>
/// Get-QwenEditJob -Status Received | Remove-QwenEditJob -WhatIf
/// </code>
/// </example>
/// <seealso cref="GetQwenEditJobCommand"/>
/// <seealso cref="GetQwenEditRunCommand"/>
[Cmdlet(VerbsCommon.Remove, "QwenEditJob", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = HelpLink.Online)]
public sealed class RemoveQwenEditJobCommand : JournalCommand
{
    /// <summary>The numbers that the journal gave the edits. Jobs from Get-QwenEditJob bind here.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EditIdCompleter))]
    public long[] EditId { get; set; } = [];

    /// <summary>Forgets edits, too, that have something to receive or to settle. What was paid for them is lost.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (long id in EditId)
        {
            try
            {
                // An edit that can't be removed is an error with -WhatIf, too, and nobody is asked about it.
                EditJob job = Book.FindRemovable(id, Force);
                if (ShouldProcess($"edit {id} of {job.Source}", "Remove from the journal"))
                {
                    Book.Remove(id, Force);
                }
            }
            catch (QwenEditException exception)
            {
                WriteError(ErrorRecords.From(exception, id));
            }
        }
    }
}
