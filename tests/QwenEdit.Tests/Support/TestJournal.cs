using System.Runtime.CompilerServices;

namespace QwenEdit.Tests.Support;

/// <summary>Keeps the tests out of the user's own journal.</summary>
internal static class TestJournal
{
    [ModuleInitializer]
    internal static void Use()
    {
        TemporaryFolder folder = new();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        Environment.SetEnvironmentVariable("QWENEDIT_JOURNAL", folder["journal.db"]);
    }
}
