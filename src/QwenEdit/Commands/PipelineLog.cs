namespace QwenEdit.Commands;

/// <summary>Carries what background work says to the pipeline thread. A line of it is worth no waking: it is written within a quarter of a second.</summary>
internal sealed class PipelineLog(PipelineQueue queue) : IEditLog
{
    /// <inheritdoc/>
    public void Verbose(string message) => queue.AddQuietly(cmdlet => cmdlet.WriteVerbose(message));

    /// <inheritdoc/>
    public void Debug(string message) => queue.AddQuietly(cmdlet => cmdlet.WriteDebug(message));

    /// <inheritdoc/>
    public void Warning(string message) => queue.AddQuietly(cmdlet => cmdlet.WriteWarning(message));
}
