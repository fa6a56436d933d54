using System.Management.Automation;
using QwenEdit.Journal;

namespace QwenEdit.Commands.Parameters;

/// <summary>Finds the journal: the parameter, the environment variable <c>QWENEDIT_JOURNAL</c>, or the state folder of the user.</summary>
internal static class JournalPathResolver
{
    internal static string Find(PSCmdlet cmdlet, string? journalPath) =>
        journalPath is not null ? ImagePathResolver.FullPath(cmdlet, journalPath, EditError.JournalUnavailable)
        : Environment.GetEnvironmentVariable("QWENEDIT_JOURNAL") is { Length: > 0 } path ? Path.GetFullPath(path)
        : JournalLocation.Default;
}
