using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace QwenEdit.Help;

/// <summary>The documentation comments of an assembly.</summary>
internal sealed partial class DocComments
{
    private readonly Dictionary<string, XElement> _members;

    private DocComments(XDocument file) =>
        _members = file.Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>Reads the XML file that the compiler writes beside an assembly.</summary>
    internal static DocComments Read(Assembly assembly) =>
        new(XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"), LoadOptions.PreserveWhitespace));

    /// <summary>The comment of a type, or of one of its properties or fields; empty if it has none.</summary>
    internal XElement Of(MemberInfo member)
    {
        string id = member switch
        {
            Type type => $"T:{type.FullName}",
            PropertyInfo => $"P:{member.DeclaringType!.FullName}.{member.Name}",
            _ => $"F:{member.DeclaringType!.FullName}.{member.Name}",
        };
        return _members.TryGetValue(id, out XElement? comment) ? comment : new XElement("member");
    }

    /// <summary>The paragraphs of a summary.</summary>
    internal IEnumerable<Paragraph> Summary(MemberInfo member) => Paragraphs(Of(member).Element("summary"));

    /// <summary>The paragraphs of the remarks.</summary>
    internal IEnumerable<Paragraph> Remarks(MemberInfo member) => Paragraphs(Of(member).Element("remarks"));

    /// <summary>The paragraphs of an element: its own text, and each <c>para</c> in it.</summary>
    internal static IEnumerable<Paragraph> Paragraphs(XElement? element) =>
        Split(element).Select(nodes => new Paragraph(nodes.Select(ToSpan))).Where(paragraph => paragraph.Spans.Count > 0);

    /// <summary>The lines of a <c>code</c> element, without the margin of the comment.</summary>
    internal static string Code(XElement code)
    {
        string[] lines = [.. code.Value.Split('\n').Select(line => line.TrimEnd()).SkipWhile(line => line.Length == 0)];
        int margin = lines[0].Length - lines[0].TrimStart().Length;
        return string.Join('\n', lines.Select(line => line.Length > margin ? line[margin..] : string.Empty)).TrimEnd();
    }

    private static IEnumerable<IReadOnlyList<XNode>> Split(XElement? element)
    {
        List<XNode> open = [];
        foreach (XNode node in element?.Nodes() ?? [])
        {
            if (node is XElement { Name.LocalName: "para" } paragraph)
            {
                yield return open;
                yield return [.. paragraph.Nodes()];
                open = [];
            }
            else
            {
                open.Add(node);
            }
        }

        yield return open;
    }

    private static Span ToSpan(XNode node) => node switch
    {
        XText text => new Span(text.Value),
        XElement { Name.LocalName: "c" } code => new Span(code.Value, IsCode: true),
        XElement { Name.LocalName: "see" } see when see.Attribute("langword") is { } word => new Span(word.Value, IsCode: true),
        XElement { Name.LocalName: "see" } see when see.Attribute("cref") is { } target => Reference(target.Value),
        _ => throw new InvalidDataException($"The help has no form for {node}."),
    };

    // A parameter by its dash, a cmdlet by its verb and noun, anything else by its last name.
    private static Span Reference(string id)
    {
        string name = id[(id.LastIndexOf('.') + 1)..];
        return id switch
        {
            ['P', ..] when id.Contains(".Commands.", StringComparison.Ordinal) => new Span($"-{name}", IsCode: true),
            ['T', ..] when CmdletClass().Match(name) is { Success: true } match => new Span($"{match.Groups[1]}-{match.Groups[2]}"),
            _ => new Span(name, IsCode: true),
        };
    }

    [GeneratedRegex("^([A-Z][a-z]+)(Qwen[A-Za-z]+)Command$")]
    private static partial Regex CmdletClass();
}
