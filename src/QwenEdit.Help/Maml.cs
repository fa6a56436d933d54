using System.Xml.Linq;

namespace QwenEdit.Help;

/// <summary>The names of the markup that <c>Get-Help</c> reads.</summary>
internal static class Maml
{
    internal static readonly XNamespace Msh = "http://msh";
    internal static readonly XNamespace Text = "http://schemas.microsoft.com/maml/2004/10";
    internal static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    internal static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>What declares the namespaces' prefixes, without which <c>Get-Help</c> takes no element for what it is.</summary>
    internal static IEnumerable<XAttribute> Prefixes { get; } =
    [
        new(XNamespace.Xmlns + "maml", Text),
        new(XNamespace.Xmlns + "command", Command),
        new(XNamespace.Xmlns + "dev", Dev),
    ];

    /// <summary>A description of some paragraphs.</summary>
    internal static XElement Description(IEnumerable<string> paragraphs) => new(Text + "description", Paragraphs(paragraphs));

    /// <summary>Paragraphs, each of which <c>Get-Help</c> wraps and sets apart.</summary>
    internal static IEnumerable<XElement> Paragraphs(IEnumerable<string> paragraphs) => paragraphs.Select(text => new XElement(Text + "para", text));

    /// <summary>A type of the inputs or of the outputs, and what it is.</summary>
    internal static XElement TypeItem(XName name, string type, params string[] paragraphs) =>
        new(name, new XElement(Dev + "type", new XElement(Text + "name", type)), Description(paragraphs));
}
