using QwenEdit.Commands.Parameters;
using QwenEdit.Diagnostics;

namespace QwenEdit.Commands.Pipeline;

/// <summary>Passes log lines from background work to the pipeline thread. Log lines don't wake the pipeline thread; it writes them within 250 ms.</summary>
internal sealed class PipelineLog(PipelineQueue queue) : IEditLog
{
    /// <inheritdoc/>
    public void Verbose(string message, EditEvent? what = null) => queue.AddQuietly(cmdlet => cmdlet.WriteVerboseWithoutPrompt(TerminalText.Escape(message)));

    /// <inheritdoc/>
    public void Debug(string message, EditEvent? what = null) => queue.AddQuietly(cmdlet => cmdlet.WriteDebugWithoutPrompt(TerminalText.Escape(message)));

    /// <inheritdoc/>
    public bool WantsExchanges { get; internal set; }

    /// <inheritdoc/>
    public void Exchange(string text) => queue.AddQuietly(cmdlet => cmdlet.WriteDebugWithoutPrompt(TerminalText.Escape(text, lines: true)));

    /// <inheritdoc/>
    public void Warning(string message, EditEvent? what = null) => queue.AddQuietly(cmdlet => cmdlet.WriteWarningWithoutPrompt(TerminalText.Escape(message)));

    /// <inheritdoc/>
    public void Error(string message, EditEvent what)
    {
        // The cmdlet writes the error record, because it knows the input.
    }
}
