using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Xml.Linq;
using Microsoft.PowerShell;

namespace QwenEdit.Help;

/// <summary>
/// The help of a parameter: what its property's comment says (<c>summary</c> and <c>remarks</c>), and what its attributes do: the range, the
/// values and what each means. The default is what a new instance of the cmdlet has.
/// </summary>
internal sealed class ParameterHelp
{
    private static readonly Dictionary<string, string> Engine = new()
    {
        ["WhatIf"] = "Says what would be done, and does none of it: nothing is sent, spent or written.",
        ["Confirm"] = "Asks before each step that sends, writes or forgets something.",
    };

    private readonly CommandParameterInfo _parameter;
    private readonly object? _default;
    private readonly string[] _paragraphs;

    internal ParameterHelp(CommandParameterInfo parameter, object instance, DocComments comments)
    {
        _parameter = parameter;
        if (Engine.TryGetValue(parameter.Name, out string? text))
        {
            _paragraphs = [text];
            return;
        }

        PropertyInfo property = instance.GetType().GetProperty(parameter.Name)!;
        _default = property.GetValue(instance);
        _paragraphs =
        [
            .. comments.Summary(property),
            .. comments.Remarks(property),
            .. Values(comments),
            .. parameter.Attributes.OfType<ValidateRangeAttribute>().Where(range => !Unbounded(range.MaxRange)).Select(range =>
                string.Create(CultureInfo.InvariantCulture, $"From {range.MinRange} to {range.MaxRange}.")),
        ];
    }

    internal string Name => _parameter.Name;

    /// <summary>What is the module's own comes before what the engine adds to every such cmdlet.</summary>
    internal int Rank => Engine.ContainsKey(Name) ? 1 : 0;

    internal bool TakesObjects => _parameter.ValueFromPipeline;

    internal bool TakesProperties => _parameter.ValueFromPipelineByPropertyName;

    /// <summary>The names that a property may have to be taken for this parameter.</summary>
    internal string PropertyNames => _parameter.Aliases.Count > 0 ? $"{Name} (or {string.Join(", ", _parameter.Aliases)})" : Name;

    /// <summary>The type of one value.</summary>
    internal Type ElementType
    {
        get
        {
            Type type = _parameter.ParameterType.GetElementType() ?? _parameter.ParameterType;
            return Nullable.GetUnderlyingType(type) ?? type;
        }
    }

    private bool IsSwitch => _parameter.ParameterType == typeof(SwitchParameter);

    /// <summary>The parameter among the parameters.</summary>
    internal XElement ToMaml()
    {
        XElement parameter = Element(_parameter, _parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any());
        parameter.Add(
            Maml.Description(_paragraphs),
            Value(),
            new XElement(Maml.Dev + "type", new XElement(Maml.Text + "name", TypeName), new XElement(Maml.Text + "uri")),
            new XElement(Maml.Dev + "defaultValue", Default));
        return parameter;
    }

    /// <summary>The parameter in the line of a parameter set.</summary>
    internal XElement ToSyntax(CommandParameterInfo inSet)
    {
        XElement parameter = Element(inSet, globbing: false);
        if (ElementType.IsEnum)
        {
            parameter.Add(new XElement(
                Maml.Command + "parameterValueGroup",
                Enum.GetNames(ElementType).Select(name => new XElement(
                    Maml.Command + "parameterValue", new XAttribute("required", false), new XAttribute("variableLength", false), name))));
        }
        else if (!IsSwitch)
        {
            parameter.Add(Value());
        }

        return parameter;
    }

    private static XElement Element(CommandParameterInfo parameter, bool globbing) => new(
        Maml.Command + "parameter",
        new XAttribute("required", parameter.IsMandatory),
        new XAttribute("variableLength", parameter.ParameterType.IsArray),
        new XAttribute("globbing", globbing),
        new XAttribute("pipelineInput", (parameter.ValueFromPipeline, parameter.ValueFromPipelineByPropertyName) switch
        {
            (true, true) => "True (ByValue, ByPropertyName)",
            (true, false) => "True (ByValue)",
            (false, true) => "True (ByPropertyName)",
            _ => "False",
        }),
        new XAttribute("position", parameter.Position < 0 ? "named" : parameter.Position),
        new XAttribute("aliases", parameter.Aliases.Count > 0 ? string.Join(", ", parameter.Aliases) : "none"),
        new XElement(Maml.Text + "name", parameter.Name));

    private XElement Value() => new(
        Maml.Command + "parameterValue",
        new XAttribute("required", !IsSwitch),
        new XAttribute("variableLength", _parameter.ParameterType.IsArray),
        TypeName);

    // As Get-Command -Syntax writes it.
    private string TypeName
    {
        get
        {
            string name = ToStringCodeMethods.Type(PSObject.AsPSObject(ElementType));
            return name[(name.LastIndexOf('.') + 1)..] + (_parameter.ParameterType.IsArray ? "[]" : string.Empty);
        }
    }

    // None where the parameter itself would not take what stands for its absence.
    private string Default => _default switch
    {
        null when IsSwitch => "False",
        null or "" or ICollection { Count: 0 } => "None",
        TimeSpan span when span == TimeSpan.Zero => "None",
        SwitchParameter value => value.IsPresent.ToString(),
        IConvertible value when Unbounded(value) || !InRange(value) => "None",
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => _default.ToString()!,
    };

    private bool InRange(IConvertible value) => _parameter.Attributes.OfType<ValidateRangeAttribute>().All(range =>
        value.ToDecimal(CultureInfo.InvariantCulture) >= Convert.ToDecimal(range.MinRange, CultureInfo.InvariantCulture));

    private static bool Unbounded(object value) => value is int.MaxValue or long.MaxValue;

    private IEnumerable<string> Values(DocComments comments) => ElementType.IsEnum
        ? ElementType.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => $"- {field.Name}: {string.Join(' ', comments.Summary(field))}")
        : [];
}
