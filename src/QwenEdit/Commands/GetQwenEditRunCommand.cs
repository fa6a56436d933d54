using System.Management.Automation;

namespace QwenEdit.Commands;

/// <summary>Lists the runs of the journal, oldest first: what each call did, what it cost, and how it ended.</summary>
[Cmdlet(VerbsCommon.Get, "QwenEditRun", DefaultParameterSetName = LastSet)]
[OutputType(typeof(EditRun))]
public sealed class GetQwenEditRunCommand : JournalCommand
{
    private const string LastSet = "Last";

    /// <summary>The newest so many runs; without it all of them.</summary>
    [Parameter(ParameterSetName = LastSet)]
    [ValidateRange(1, int.MaxValue)]
    public int Last { get; set; } = int.MaxValue;

    /// <summary>The journal's numbers of the runs.</summary>
    [Parameter(ParameterSetName = "RunId", Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public long[] RunId { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == LastSet)
        {
            Write(null, () => Book.LastRuns(Last));
            return;
        }

        foreach (long id in RunId)
        {
            Write(id, () => [Book.Run(id)]);
        }
    }

    private void Write(long? id, Func<IReadOnlyList<EditRun>> find)
    {
        try
        {
            WriteObject(find(), enumerateCollection: true);
        }
        catch (QwenEditException exception)
        {
            WriteError(ErrorRecords.From(exception, (object?)id ?? JournalPath));
        }
    }
}
