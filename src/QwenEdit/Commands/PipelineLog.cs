using System.Collections.Concurrent;
using System.Management.Automation;

namespace QwenEdit.Commands;

/// <summary>Carries what background work says to the pipeline thread, the only one that may write to PowerShell's streams.</summary>
internal sealed class PipelineLog(BlockingCollection<Action<PSCmdlet>> queue) : IEditLog
{
    /// <inheritdoc/>
    public void Verbose(string message, EditEvent? what = null) => queue.Add(cmdlet => cmdlet.WriteVerbose(message));

    /// <inheritdoc/>
    public void Debug(string message, EditEvent? what = null) => queue.Add(cmdlet => cmdlet.WriteDebug(message));

    /// <inheritdoc/>
    public void Warning(string message, EditEvent? what = null) => queue.Add(cmdlet => cmdlet.WriteWarning(message));

    /// <inheritdoc/>
    public void Error(string message, EditEvent what)
    {
        // The cmdlet writes the record itself, with the input that it is about.
    }
}
