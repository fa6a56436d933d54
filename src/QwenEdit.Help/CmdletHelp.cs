using System.Management.Automation;
using System.Reflection;
using System.Xml.Linq;

namespace QwenEdit.Help;

/// <summary>
/// The help of a cmdlet. Its class says the synopsis (<c>summary</c>), the description (<c>remarks</c>), the examples (<c>example</c>: a
/// paragraph as the title, the <c>code</c>, further paragraphs) and the related cmdlets (<c>seealso</c>); all else is read off its metadata.
/// </summary>
internal sealed class CmdletHelp
{
    private static readonly string[] Topics = ["about_QwenEdit", "about_QwenEdit_Journal", "about_QwenEdit_Unattended", "about_QwenEdit_Errors"];

    private readonly Type _type;
    private readonly DocComments _comments;
    private readonly CmdletAttribute _cmdlet;
    private readonly CmdletInfo _command;
    private readonly Dictionary<string, ParameterHelp> _parameters;

    internal CmdletHelp(Type type, DocComments comments)
    {
        _type = type;
        _comments = comments;
        _cmdlet = type.GetCustomAttribute<CmdletAttribute>()!;
        _command = new CmdletInfo(Name, type);
        object instance = Activator.CreateInstance(type)!;
        _parameters = _command.ParameterSets
            .SelectMany(set => set.Parameters)
            .DistinctBy(parameter => parameter.Name)
            .Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name))
            .ToDictionary(parameter => parameter.Name, parameter => new ParameterHelp(parameter, instance, comments));
    }

    /// <summary>The cmdlet's verb and noun.</summary>
    internal string Name => NameOf(_cmdlet);

    internal XElement ToMaml() => new(
        Maml.Command + "command",
        Maml.Prefixes,
        new XElement(
            Maml.Command + "details",
            new XElement(Maml.Command + "name", Name),
            Maml.Description(_comments.Summary(_type)),
            new XElement(Maml.Command + "verb", _cmdlet.VerbName),
            new XElement(Maml.Command + "noun", _cmdlet.NounName)),
        Maml.Description(_comments.Remarks(_type)),
        new XElement(Maml.Command + "syntax", _command.ParameterSets.Select(SyntaxItem)),
        new XElement(
            Maml.Command + "parameters",
            _parameters.Values.OrderBy(parameter => parameter.Rank).ThenBy(parameter => parameter.Name, StringComparer.Ordinal).Select(parameter => parameter.ToMaml())),
        new XElement(Maml.Command + "inputTypes", Inputs()),
        new XElement(Maml.Command + "returnValues", Outputs()),
        new XElement(Maml.Command + "examples", _comments.Of(_type).Elements("example").Select(Example)),
        new XElement(Maml.Command + "relatedLinks", Links()));

    // Each set as Get-Command -Syntax has it: by position, then what must be named, then what may be.
    private XElement SyntaxItem(CommandParameterSetInfo set) => new(
        Maml.Command + "syntaxItem",
        new XElement(Maml.Text + "name", Name),
        set.Parameters
            .Where(parameter => _parameters.ContainsKey(parameter.Name))
            .OrderBy(parameter => parameter.Position < 0 ? int.MaxValue : parameter.Position)
            .ThenByDescending(parameter => parameter.IsMandatory)
            .ThenBy(parameter => _parameters[parameter.Name].Rank)
            .Select(parameter => _parameters[parameter.Name].ToSyntax(parameter)));

    private List<XElement> Inputs()
    {
        List<XElement> inputs =
        [
            .. _parameters.Values.Where(parameter => parameter.TakesObjects).Select(parameter => Maml.TypeItem(
                Maml.Command + "inputType", parameter.ElementType.FullName!, $"For -{parameter.Name}.")),
        ];
        string[] properties = [.. _parameters.Values.Where(parameter => parameter.TakesProperties).Select(parameter => parameter.PropertyNames)];
        if (properties.Length > 0)
        {
            inputs.Add(Maml.TypeItem(
                Maml.Command + "inputType",
                typeof(PSObject).FullName!,
                $"Any object, by its properties of these names: {string.Join(", ", properties)}."));
        }

        return inputs.Count > 0 ? inputs : [Maml.TypeItem(Maml.Command + "inputType", "None", "Nothing is taken from the pipeline.")];
    }

    private IEnumerable<XElement> Outputs()
    {
        Type[] types = [.. _command.OutputType.Select(output => output.Type)];
        return types.Length > 0
            ? types.Select(type => Maml.TypeItem(Maml.Command + "returnValue", type.FullName!, [.. _comments.Summary(type)]))
            : [Maml.TypeItem(Maml.Command + "returnValue", "None", "Nothing is written to the pipeline.")];
    }

    private XElement Example(XElement example, int index)
    {
        string[] paragraphs = [.. DocComments.Paragraphs(new XElement("example", example.Elements("para")))];
        if (paragraphs.Length == 0 || example.Element("code") is not { } code)
        {
            throw new InvalidDataException($"Example {index + 1} of {Name} has no <para> for its title, or no <code>.");
        }

        return new XElement(
            Maml.Command + "example",
            new XElement(Maml.Text + "title", $"----- Example {index + 1}: {paragraphs[0].TrimEnd('.')} -----"),
            new XElement(Maml.Dev + "code", DocComments.Code(code)),
            // Get-Help itself puts nothing between two examples.
            new XElement(Maml.Dev + "remarks", Maml.Paragraphs([.. paragraphs[1..], string.Empty])));
    }

    // The first address is what Get-Help -Online opens.
    private IEnumerable<XElement> Links() =>
    [
        Link("Online:", _cmdlet.HelpUri),
        .. _comments.Of(_type).Elements("seealso")
            .Select(link => _type.Assembly.GetType(link.Attribute("cref")!.Value[2..], throwOnError: true)!.GetCustomAttribute<CmdletAttribute>()!)
            .Select(cmdlet => Link(NameOf(cmdlet))),
        .. Topics.Select(topic => Link(topic)),
    ];

    private static XElement Link(string text, string? address = null) => new(
        Maml.Text + "navigationLink", new XElement(Maml.Text + "linkText", text), new XElement(Maml.Text + "uri", address));

    private static string NameOf(CmdletAttribute cmdlet) => $"{cmdlet.VerbName}-{cmdlet.NounName}";
}
