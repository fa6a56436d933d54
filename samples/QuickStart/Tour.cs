using System.Management.Automation.Language;
using QuickStart.Hosting;
using QuickStart.Posters;
using QwenEdit.Emulator;

namespace QuickStart;

/// <summary>Draws the posters, runs quickstart.ps1 on them as if someone typed it, and says what came of it.</summary>
internal sealed class Tour(Terminal terminal, SegmindEmulator emulator, CancellationToken stop)
{
    private readonly string _folder = Path.GetFullPath("quickstart-images");

    /// <summary>Goes through the tour.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        terminal.WriteParagraph($"""
            Segmind is emulated at {emulator.Endpoint}. Nothing leaves this machine,
            and nothing is billed. An emulated edit shifts the colours and adds the prompt.
            {Printer.DrawAll(_folder, stop)} posters are drawn into {_folder}
            """);
        File.Copy(Beside("edits.csv"), Path.Combine(_folder, "edits.csv"), overwrite: true);

        using Session session = Session.Open(terminal);
        session.SetLocation(_folder);
        foreach (string statement in Statements())
        {
            terminal.WriteParagraph(statement, bright: true);
            if (session.Run(statement, stop) is not 0 and var code)
            {
                return code;
            }
        }

        SayWhatCameOfIt();
        return 0;
    }

    /// <summary>The statements of quickstart.ps1, each with the comments before it.</summary>
    private static IEnumerable<string> Statements()
    {
        ScriptBlockAst script = Parser.ParseFile(Beside("quickstart.ps1"), out _, out _);
        int end = 0;
        foreach (StatementAst statement in script.EndBlock.Statements)
        {
            yield return script.Extent.Text[end..statement.Extent.EndOffset].Trim();
            end = statement.Extent.EndOffset;
        }
    }

    private void SayWhatCameOfIt()
    {
        decimal before = new EmulatorOptions().Credits;
        decimal billed = emulator.Ledger.Billed;
        terminal.WriteParagraph($"""
            The emulator's ledger: {emulator.Ledger.Jobs.Count} edits billed, {billed:0.00##} credits.
            Its account had {before:0.00} credits and has {before - billed:0.00##}.
            The images: {_folder}
            """);
        terminal.WriteParagraph($"""
            Next, in PowerShell, with a key from Segmind's console:
              Import-Module '{BuiltModule.Folder.TrimEnd('/', '\\')}'
              $env:SEGMIND_API_KEY = 'SG_...'
              Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt "Change '1000$' to '5$'"
            No PowerShell here yet? dotnet tool install --global PowerShell
            """);
    }

    private static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, name);
}
