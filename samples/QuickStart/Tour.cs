using System.Management.Automation.Language;
using QuickStart.Hosting;
using QuickStart.Posters;
using QwenEdit.Emulator;

namespace QuickStart;

/// <summary>Draws the posters, runs quickstart.ps1 on them as if someone typed it, and says what came of it.</summary>
internal static class Tour
{
    private static readonly string WhatNext = $"""
        Next, in PowerShell, with a key from Segmind's console:
          Import-Module '{BuiltModule.Folder.TrimEnd('/', '\\')}'
          $env:SEGMIND_API_KEY = 'SG_...'
          Get-ChildItem *.png | Invoke-QwenImageEdit -Prompt "Change '1000$' to '5$'"
        No PowerShell here yet? dotnet tool install --global PowerShell
        """;

    /// <summary>Goes through the tour.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(SegmindEmulator emulator, CancellationToken stop)
    {
        using ParagraphWriter screen = new(Console.Out);
        string folder = Path.GetFullPath("quickstart-images");
        screen.WriteParagraph($"""
            Segmind is emulated at {emulator.Endpoint}. Nothing leaves this machine,
            and nothing is billed. An emulated edit shifts the colours and adds the prompt.
            {Printer.DrawAll(folder, stop)} posters are drawn into {folder}
            """);
        File.Copy(Beside("edits.csv"), Path.Combine(folder, "edits.csv"), overwrite: true);

        using ConsoleSession session = new(ScriptRunspace.OpenWithModule, screen);
        session.SetLocation(folder);
        foreach (string statement in Statements())
        {
            screen.WriteParagraph(session.Color ? $"\e[96m{statement}\e[0m" : statement);
            if (session.Run(statement, stop) is not 0 and var code)
            {
                return code;
            }
        }

        screen.WriteParagraph(WhatCameOfIt(emulator, folder));
        screen.WriteParagraph(WhatNext);
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

    private static string WhatCameOfIt(SegmindEmulator emulator, string folder)
    {
        decimal before = new EmulatorOptions().Credits;
        decimal billed = emulator.Ledger.Billed;
        return $"""
            The emulator's ledger: {emulator.Ledger.Jobs.Count} edits billed, {billed:0.00##} credits.
            Its account had {before:0.00} credits and has {before - billed:0.00##}.
            The images: {folder}
            """;
    }

    private static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, name);
}
