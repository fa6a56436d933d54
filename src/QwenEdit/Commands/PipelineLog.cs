using System.Collections.Concurrent;
using System.Management.Automation;

namespace QwenEdit.Commands;

/// <summary>Carries what background work says to the pipeline thread, the only one that may write to PowerShell's streams.</summary>
internal sealed class PipelineLog(BlockingCollection<Action<PSCmdlet>> queue) : IEditLog
{
    /// <inheritdoc/>
    public void Verbose(string message) => queue.Add(cmdlet => cmdlet.WriteVerbose(message));

    /// <inheritdoc/>
    public void Debug(string message) => queue.Add(cmdlet => cmdlet.WriteDebug(message));

    /// <inheritdoc/>
    public void Warning(string message) => queue.Add(cmdlet => cmdlet.WriteWarning(message));
}
