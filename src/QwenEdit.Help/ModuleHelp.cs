using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using System.Xml;
using System.Xml.Linq;

namespace QwenEdit.Help;

/// <summary>The help of a module: its cmdlets, by its assembly, and its about topics, by the folder of its pages.</summary>
internal sealed class ModuleHelp
{
    private readonly string _name;
    private readonly CmdletHelp[] _cmdlets;
    private readonly AboutTopic[] _topics;
    private readonly HashSet<string> _names;

    /// <summary>Reads a module.</summary>
    /// <param name="assembly">The assembly of the cmdlets, with its XML documentation beside it.</param>
    /// <param name="pages">The folder that has the about topics.</param>
    internal ModuleHelp(Assembly assembly, string pages)
    {
        DocComments comments = DocComments.Read(assembly);
        _name = assembly.GetName().Name!;
        _cmdlets =
        [
            .. assembly.GetExportedTypes()
                .Where(type => type.IsDefined(typeof(CmdletAttribute)))
                .Select(type => new CmdletHelp(type, comments))
                .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal),
        ];
        string[] topics = [.. Directory.EnumerateFiles(pages, "about_*.md").Order(StringComparer.Ordinal)];
        _names = [.. _cmdlets.Select(cmdlet => cmdlet.Name), .. topics.Select(path => Path.GetFileNameWithoutExtension(path))];
        IReadOnlyDictionary<string, string> parts = new ErrorReference(assembly, comments, new MarkdownText(_names, own: string.Empty)).Parts;
        _topics = [.. topics.Select(path => AboutTopic.Read(path, parts))];
    }

    private string[] TopicNames => [.. _topics.Select(topic => topic.Name)];

    /// <summary>Writes what <c>Get-Help</c> reads: the MAML of the cmdlets and the text of each topic.</summary>
    internal void WriteModuleFiles(string folder)
    {
        Directory.CreateDirectory(folder);
        using (XmlWriter writer = XmlWriter.Create(
            Path.Combine(folder, $"{_name}.dll-Help.xml"), new XmlWriterSettings { Indent = true, NewLineChars = "\n" }))
        {
            MamlWriter.Write(_cmdlets, TopicNames).Save(writer);
        }

        foreach (AboutTopic topic in _topics)
        {
            File.WriteAllText(Path.Combine(folder, $"{topic.Name}.help.txt"), topic.ToHelpText());
        }
    }

    /// <summary>
    /// The pages by their file names: one for each cmdlet; README.md, the page of the module; and the about topics, of which only parts are generated.
    /// </summary>
    /// <param name="manifest">The path of the module's manifest.</param>
    internal IReadOnlyDictionary<string, string> Pages(string manifest)
    {
        return _cmdlets
            .Select(cmdlet => (Name: cmdlet.Name, Text: MarkdownWriter.Write(cmdlet, _name, TopicNames, _names)))
            .Concat(_topics.Select(topic => (Name: topic.Name, Text: topic.Markdown)))
            .Append((Name: "README", Text: ModulePage(manifest)))
            .ToDictionary(page => $"{page.Name}.md", page => page.Text);
    }

    /// <summary>Writes the generated pages into a folder, and removes the page of a cmdlet that the module does not have.</summary>
    internal void WritePages(string folder, string manifest)
    {
        IReadOnlyDictionary<string, string> pages = Pages(manifest);
        foreach (string stale in Directory.EnumerateFiles(folder, "*-*.md").Where(path => !pages.ContainsKey(Path.GetFileName(path))))
        {
            File.Delete(stale);
        }

        foreach ((string name, string text) in pages)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }
    }

    // The form of PlatyPS's module page. It is called README.md, so that GitHub shows it for the folder.
    private string ModulePage(string manifest)
    {
        Hashtable module = (Hashtable)Parser.ParseFile(manifest, out _, out _).Find(node => node is HashtableAst, searchNestedScriptBlocks: false).SafeGetValue();
        MarkdownText prose = new(_names, "README");
        string[] cmdlets = [.. _cmdlets.Select(cmdlet => $"### {MarkdownText.Link(cmdlet.Name)}\n{prose.Write(cmdlet.Synopsis)}\n")];
        string[] topics = [.. _topics.Select(topic => $"### {MarkdownText.Link(topic.Name)}\n{prose.Write([new Paragraph(topic.ShortDescription)])}\n")];
        return $"""
            ---
            Module Name: {_name}
            Module Guid: {module["GUID"]}
            Download Help Link:
            Help Version: {module["ModuleVersion"]}
            Locale: en-US
            ---

            # {_name} Module
            ## Description
            {prose.Write([new Paragraph((string)module["Description"]!)])}

            ## {_name} Cmdlets
            {string.Join('\n', cmdlets)}
            ## {_name} Topics
            {string.Join('\n', topics)}
            """.ReplaceLineEndings("\n");
    }
}
