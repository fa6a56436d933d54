using QwenEdit.Diagnostics;

namespace QwenEdit.Editing;

/// <summary>Writes to the journal what has happened already, and goes on if that fails: the edit is paid for either way.</summary>
internal static class JournalNotes
{
    /// <summary>Writes a step down; a failure is a warning that names what a person may need.</summary>
    internal static void Note(this IEditLog log, Action step, string what)
    {
        try
        {
            step();
        }
        catch (QwenEditException exception)
        {
            log.Warning($"{what} could not be recorded: {exception.Message}");
        }
    }
}
