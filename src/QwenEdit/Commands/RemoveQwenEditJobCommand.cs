using System.Management.Automation;

namespace QwenEdit.Commands;

/// <summary>Has the journal forget edits. Asked for again, they would be paid again.</summary>
[Cmdlet(VerbsCommon.Remove, "QwenEditJob", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveQwenEditJobCommand : JournalCommand
{
    /// <summary>The journal's numbers of the edits.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public long[] EditId { get; set; } = [];

    /// <summary>Forgets edits that may have something to receive or to settle, too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (long id in EditId)
        {
            try
            {
                if (ShouldProcess($"edit {id}", "Forget"))
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
