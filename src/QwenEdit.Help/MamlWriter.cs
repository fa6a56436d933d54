using System.Management.Automation;
using System.Xml.Linq;
using Microsoft.PowerShell;

namespace QwenEdit.Help;

/// <summary>Writes the help of cmdlets as MAML, the XML that <c>Get-Help</c> reads.</summary>
internal static class MamlWriter
{
    private static readonly XNamespace Msh = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>The help file of a module.</summary>
    /// <param name="cmdlets">The cmdlets, in the order of the file.</param>
    /// <param name="topics">The names of the about topics that each cmdlet links to.</param>
    internal static XDocument Write(IEnumerable<CmdletHelp> cmdlets, IReadOnlyList<string> topics) => new(
        new XElement(Msh + "helpItems", new XAttribute("schema", "maml"), cmdlets.Select(cmdlet => Element(cmdlet, topics))));

    // Get-Help recognizes the elements by these prefixes.
    private static XElement Element(CmdletHelp cmdlet, IReadOnlyList<string> topics) => new(
        Command + "command",
        new XAttribute(XNamespace.Xmlns + "maml", Maml),
        new XAttribute(XNamespace.Xmlns + "command", Command),
        new XAttribute(XNamespace.Xmlns + "dev", Dev),
        new XElement(
            Command + "details",
            new XElement(Command + "name", cmdlet.Name),
            Description(cmdlet.Synopsis),
            new XElement(Command + "verb", cmdlet.Verb),
            new XElement(Command + "noun", cmdlet.Noun)),
        Description(cmdlet.Description),
        new XElement(Command + "syntax", cmdlet.Sets.Select(set => SyntaxItem(cmdlet, set))),
        new XElement(Command + "parameters", cmdlet.Parameters.Select(Parameter)),
        new XElement(Command + "inputTypes", cmdlet.Inputs.Select(input => TypeItem("inputType", input))),
        new XElement(Command + "returnValues", cmdlet.Outputs.Select(output => TypeItem("returnValue", output))),
        new XElement(Command + "examples", cmdlet.Examples.Select(Example)),
        new XElement(
            Command + "relatedLinks",
            // Get-Help -Online opens the first address.
            Link("Online Version:", cmdlet.OnlineUri),
            cmdlet.Related.Concat(topics).Select(name => Link(name))));

    private static XElement SyntaxItem(CmdletHelp cmdlet, CommandParameterSetInfo set) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", cmdlet.Name),
        cmdlet.SyntaxOf(set).Select(pair =>
        {
            XElement parameter = ParameterElement(pair.InSet, wildcards: false);
            if (pair.Help.ElementType.IsEnum)
            {
                parameter.Add(new XElement(
                    Command + "parameterValueGroup",
                    pair.Help.Values.Select(value => new XElement(
                        Command + "parameterValue", new XAttribute("required", false), new XAttribute("variableLength", false), value.Name))));
            }
            else if (!pair.Help.IsSwitch)
            {
                parameter.Add(Value(pair.Help));
            }

            return parameter;
        }));

    private static XElement Parameter(ParameterHelp help)
    {
        XElement parameter = ParameterElement(help.InSets[0].Parameter, help.SupportsWildcards);
        parameter.Add(
            Description([.. help.Description, .. help.Values.Select(value => new Paragraph($"- {value.Name}: {value.Meaning}"))]),
            Value(help),
            new XElement(Dev + "type", new XElement(Maml + "name", TypeName(help)), new XElement(Maml + "uri")),
            new XElement(Dev + "defaultValue", help.Default));
        return parameter;
    }

    private static XElement ParameterElement(CommandParameterInfo parameter, bool wildcards) => new(
        Command + "parameter",
        new XAttribute("required", parameter.IsMandatory),
        new XAttribute("variableLength", parameter.ParameterType.IsArray),
        new XAttribute("globbing", wildcards),
        new XAttribute("pipelineInput", ParameterHelp.PipelineInput(parameter)),
        new XAttribute("position", parameter.Position < 0 ? "named" : parameter.Position),
        new XAttribute("aliases", parameter.Aliases.Count > 0 ? string.Join(", ", parameter.Aliases) : "none"),
        new XElement(Maml + "name", parameter.Name));

    private static XElement Value(ParameterHelp help) => new(
        Command + "parameterValue",
        new XAttribute("required", !help.IsSwitch),
        new XAttribute("variableLength", help.Type.IsArray),
        TypeName(help));

    // As Get-Command -Syntax writes it.
    private static string TypeName(ParameterHelp help)
    {
        string name = ToStringCodeMethods.Type(PSObject.AsPSObject(help.ElementType));
        return name[(name.LastIndexOf('.') + 1)..] + (help.Type.IsArray ? "[]" : string.Empty);
    }

    private static XElement Example(ExampleHelp example, int index) => new(
        Command + "example",
        new XElement(Maml + "title", $"----- Example {index + 1}: {example.Title} -----"),
        new XElement(Dev + "code", example.Code),
        // An empty paragraph at the end: Get-Help puts nothing between two examples.
        new XElement(Dev + "remarks", Paragraphs([.. example.Remarks, new Paragraph(string.Empty)])));

    private static XElement TypeItem(string element, TypeHelp type) => new(
        Command + element, new XElement(Dev + "type", new XElement(Maml + "name", type.Name)), Description(type.Description));

    private static XElement Link(string text, string? address = null) => new(
        Maml + "navigationLink", new XElement(Maml + "linkText", text), new XElement(Maml + "uri", address));

    private static XElement Description(IEnumerable<Paragraph> paragraphs) => new(Maml + "description", Paragraphs(paragraphs));

    private static IEnumerable<XElement> Paragraphs(IEnumerable<Paragraph> paragraphs) =>
        paragraphs.Select(paragraph => new XElement(Maml + "para", paragraph.ToString()));
}
