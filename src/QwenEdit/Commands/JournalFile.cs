using System.Management.Automation;
using QwenEdit.Journal;

namespace QwenEdit.Commands;

/// <summary>Finds the journal: the parameter, the environment variable <c>QWENEDIT_JOURNAL</c>, the user's state folder.</summary>
internal static class JournalFile
{
    internal static string Find(PSCmdlet cmdlet, string? journalPath) =>
        journalPath is not null ? ImageInput.FullPath(cmdlet, journalPath)
        : Environment.GetEnvironmentVariable("QWENEDIT_JOURNAL") is { Length: > 0 } path ? Path.GetFullPath(path)
        : JournalPlace.Default;
}
