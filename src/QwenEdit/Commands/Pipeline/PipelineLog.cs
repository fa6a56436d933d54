using QwenEdit.Commands.Parameters;
using QwenEdit.Diagnostics;

namespace QwenEdit.Commands.Pipeline;

/// <summary>Carries log lines from background work to the pipeline thread. They do not wake that thread; it writes them within a quarter of a second.</summary>
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
        // The cmdlet writes the record itself, with the input that it is about.
    }
}
