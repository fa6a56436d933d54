using System.Management.Automation;
using System.Text;

namespace QwenEdit.Help;

/// <summary>Writes the page of a cmdlet in the form of PlatyPS (schema 2.0.0), as its New-MarkdownHelp and Update-MarkdownHelp write it.</summary>
internal sealed class MarkdownWriter
{
    // The width at which PlatyPS breaks a syntax.
    private const int SyntaxWidth = 110;

    // As PlatyPS has it: Update-MarkdownHelp writes this text.
    private const string CommonParameters =
        "This cmdlet supports the common parameters: -Debug, -ErrorAction, -ErrorVariable, -InformationAction, -InformationVariable, -OutVariable, "
        + "-OutBuffer, -PipelineVariable, -Verbose, -WarningAction, and -WarningVariable. "
        + "For more information, see [about_CommonParameters](http://go.microsoft.com/fwlink/?LinkID=113216).";

    private readonly CmdletHelp _cmdlet;
    private readonly MarkdownText _prose;
    private readonly StringBuilder _page = new();

    private MarkdownWriter(CmdletHelp cmdlet, IReadOnlySet<string> pages)
    {
        _cmdlet = cmdlet;
        _prose = new MarkdownText(pages, cmdlet.Name);
    }

    /// <summary>The page of a cmdlet.</summary>
    /// <param name="cmdlet">Its help.</param>
    /// <param name="module">The name of the module.</param>
    /// <param name="topics">The names of the about topics that each cmdlet links to.</param>
    /// <param name="pages">The names of all pages in the folder.</param>
    internal static string Write(CmdletHelp cmdlet, string module, IReadOnlyList<string> topics, IReadOnlySet<string> pages)
    {
        MarkdownWriter writer = new(cmdlet, pages);
        writer.WriteHead(module);
        writer.WriteSyntax();
        writer.Write($"## DESCRIPTION\n{writer._prose.Write(cmdlet.Description)}");
        writer.WriteExamples();
        writer.WriteParameters();
        writer.WriteTypes("INPUTS", cmdlet.Inputs);
        writer.WriteTypes("OUTPUTS", cmdlet.Outputs);
        writer.Write("## NOTES");
        writer.WriteLinks(topics);
        return writer._page.ToString().TrimEnd('\n') + "\n";
    }

    private void Write(string block) => _page.Append(block).Append("\n\n");

    private void WriteHead(string module)
    {
        Write($"---\nexternal help file: {module}.dll-Help.xml\nModule Name: {module}\nonline version: {_cmdlet.OnlineUri}\nschema: 2.0.0\n---");
        Write($"# {_cmdlet.Name}");
        Write($"## SYNOPSIS\n{_prose.Write(_cmdlet.Synopsis)}");
    }

    private void WriteSyntax()
    {
        Write("## SYNTAX");
        foreach (CommandParameterSetInfo set in _cmdlet.Sets)
        {
            string heading = _cmdlet.Sets.Count > 1 ? $"### {set.Name}{(set.IsDefault ? " (Default)" : string.Empty)}\n" : string.Empty;
            Write($"{heading}```\n{Syntax(set)}\n```");
        }
    }

    private string Syntax(CommandParameterSetInfo set)
    {
        StringBuilder syntax = new(_cmdlet.Name);
        int lineStart = 0;
        foreach (string parameter in _cmdlet.SyntaxOf(set).Select(pair => Syntax(pair.Help, pair.InSet)).Append("[<CommonParameters>]"))
        {
            if (syntax.Length - lineStart + parameter.Length > SyntaxWidth)
            {
                syntax.Append('\n');
                lineStart = syntax.Length;
            }

            syntax.Append(' ').Append(parameter);
        }

        return syntax.ToString();
    }

    private static string Syntax(ParameterHelp help, CommandParameterInfo parameter)
    {
        if (help.IsSwitch)
        {
            return $"[-{help.Name}]";
        }

        string name = parameter.Position < 0 ? $"-{help.Name}" : $"[-{help.Name}]";
        string value = $"{name} <{TypeName(help)}>";
        return parameter.IsMandatory ? value : $"[{value}]";
    }

    private void WriteExamples()
    {
        Write("## EXAMPLES");
        for (int index = 0; index < _cmdlet.Examples.Count; index++)
        {
            ExampleHelp example = _cmdlet.Examples[index];
            Write($"### Example {index + 1}: {example.Title}\n```powershell\n{example.Code}\n```");
            if (example.Remarks.Count > 0)
            {
                Write(_prose.Write(example.Remarks));
            }
        }
    }

    private void WriteParameters()
    {
        Write("## PARAMETERS");
        foreach (ParameterHelp parameter in _cmdlet.Parameters)
        {
            Write($"### -{parameter.Name}\n{_prose.Write(parameter.Description)}");
            if (parameter.Values.Count > 0)
            {
                Write(string.Join('\n', parameter.Values.Select(value => $"- `{value.Name}`: {_prose.Write(value.Meaning)}")));
            }

            // One block for all sets in which the parameter is the same.
            foreach (var sets in parameter.InSets.GroupBy(
                set => (set.Parameter.IsMandatory, set.Parameter.Position, Pipeline: ParameterHelp.PipelineInput(set.Parameter))))
            {
                string[] names = [.. sets.Select(set => set.Set)];
                Write($"""
                    ```yaml
                    Type: {TypeName(parameter)}
                    Parameter Sets: {(names.Length == _cmdlet.Sets.Count ? "(All)" : string.Join(", ", names))}
                    {Line("Aliases", parameter.Aliases)}{(parameter.Values.Count > 0 ? $"\n{Line("Accepted values", parameter.Values.Select(value => value.Name))}" : string.Empty)}

                    Required: {sets.Key.IsMandatory}
                    Position: {(sets.Key.Position < 0 ? "Named" : sets.Key.Position)}
                    Default value: {parameter.Default}
                    Accept pipeline input: {sets.Key.Pipeline}
                    Accept wildcard characters: {parameter.SupportsWildcards}
                    ```
                    """.ReplaceLineEndings("\n"));
            }
        }

        Write($"### CommonParameters\n{CommonParameters}");
    }

    private static string Line(string key, IEnumerable<string> values) => $"{key}: {string.Join(", ", values)}".TrimEnd();

    private void WriteTypes(string heading, IReadOnlyList<TypeHelp> types)
    {
        Write($"## {heading}");
        foreach (TypeHelp type in types)
        {
            Write($"### {type.Name}\n{_prose.Write(type.Description)}");
        }
    }

    private void WriteLinks(IReadOnlyList<string> topics)
    {
        Write("## RELATED LINKS");
        Write($"[Online Version:]({_cmdlet.OnlineUri})");
        foreach (string page in _cmdlet.Related.Concat(topics))
        {
            Write(MarkdownText.Link(page));
        }
    }

    // As PlatyPS names it.
    private static string TypeName(ParameterHelp help) => (Nullable.GetUnderlyingType(help.Type) ?? help.Type).Name;
}
