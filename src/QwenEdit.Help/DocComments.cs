using System.Management.Automation;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace QwenEdit.Help;

/// <summary>The documentation comments of an assembly, as plain text.</summary>
internal sealed partial class DocComments
{
    private readonly Dictionary<string, XElement> _members;

    private DocComments(XDocument file) =>
        _members = file.Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>Reads the file that the compiler wrote.</summary>
    internal static DocComments Read(string path) => new(XDocument.Load(path, LoadOptions.PreserveWhitespace));

    /// <summary>The comment of a type or of one of its properties or fields; empty if it has none.</summary>
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
    internal IEnumerable<string> Summary(MemberInfo member) => Paragraphs(Of(member).Element("summary"));

    /// <summary>The paragraphs of the remarks.</summary>
    internal IEnumerable<string> Remarks(MemberInfo member) => Paragraphs(Of(member).Element("remarks"));

    /// <summary>The paragraphs of an element: of its text, and of every <c>para</c> in it.</summary>
    internal static IEnumerable<string> Paragraphs(XElement? element) => Split(element).Where(text => text.Length > 0);

    /// <summary>The lines of a <c>code</c> element, without the margin of the comment.</summary>
    internal static string Code(XElement code)
    {
        string[] lines = [.. code.Value.Split('\n').Select(line => line.TrimEnd()).SkipWhile(line => line.Length == 0)];
        int margin = lines[0].Length - lines[0].TrimStart().Length;
        return string.Join('\n', lines.Select(line => line.Length > margin ? line[margin..] : string.Empty)).TrimEnd();
    }

    private static IEnumerable<string> Split(XElement? element)
    {
        StringBuilder open = new();
        foreach (XNode node in element?.Nodes() ?? [])
        {
            if (node is XElement { Name.LocalName: "para" } paragraph)
            {
                yield return Take(open);
                yield return Plain(paragraph);
            }
            else
            {
                open.Append(node is XElement inline ? Inline(inline) : ((XText)node).Value);
            }
        }

        yield return Take(open);
    }

    private static string Take(StringBuilder text)
    {
        string taken = WhiteSpace().Replace(text.ToString(), " ").Trim();
        text.Clear();
        return taken;
    }

    private static string Plain(XElement element) => WhiteSpace().Replace(
        string.Concat(element.Nodes().Select(node => node is XElement inline ? Inline(inline) : ((XText)node).Value)), " ").Trim();

    private static string Inline(XElement element) => element switch
    {
        { Name.LocalName: "c" } => element.Value,
        { Name.LocalName: "see" } when element.Attribute("cref") is { } target => Reference(target.Value),
        { Name.LocalName: "see" } when element.Attribute("langword") is { } word => word.Value,
        _ => throw new InvalidDataException($"The help has no form for {element}."),
    };

    // A parameter by its dash, a cmdlet by its verb and noun, anything else by its last name.
    private static string Reference(string id)
    {
        string name = id[(id.LastIndexOf('.') + 1)..];
        return id switch
        {
            ['P', ..] when id.Contains(".Commands.", StringComparison.Ordinal) => $"-{name}",
            ['T', ..] when CmdletClass().Match(name) is { Success: true } match => $"{match.Groups[1]}-{match.Groups[2]}",
            _ => name,
        };
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex("^([A-Z][a-z]+)(Qwen[A-Za-z]+)Command$")]
    private static partial Regex CmdletClass();
}
