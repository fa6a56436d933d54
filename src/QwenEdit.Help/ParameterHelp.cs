using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace QwenEdit.Help;

/// <summary>
/// The help of a parameter: the comment of its property (<c>summary</c> and <c>remarks</c>), and what its attributes state: the range, the
/// values and their meanings. The default is the value of a new instance of the cmdlet.
/// </summary>
internal sealed class ParameterHelp
{
    private static readonly Dictionary<string, string> Engine = new()
    {
        ["WhatIf"] = "Shows what the cmdlet would do. Nothing is sent, spent or written.",
        ["Confirm"] = "Asks for confirmation before each step that sends, writes or removes something.",
    };

    internal ParameterHelp(string name, CmdletInfo command, object instance, DocComments comments)
    {
        Name = name;
        InSets =
        [
            .. command.ParameterSets
                .Select(set => (Set: set.Name, Parameter: set.Parameters.FirstOrDefault(parameter => parameter.Name == name)!))
                .Where(pair => pair.Parameter is not null),
        ];
        if (Engine.TryGetValue(name, out string? text))
        {
            Description = [new Paragraph(text)];
            Default = "False";
            return;
        }

        PropertyInfo property = instance.GetType().GetProperty(name)!;
        Description = [.. comments.Summary(property), .. comments.Remarks(property), .. Ranges.Select(Sentence)];
        if (ElementType.IsEnum)
        {
            Values =
            [
                .. ElementType.GetFields(BindingFlags.Public | BindingFlags.Static)
                    .Select(field => (field.Name, comments.Summary(field).Single())),
            ];
        }

        Default = TextOf(property.GetValue(instance));
    }

    internal string Name { get; }

    internal IReadOnlyList<Paragraph> Description { get; }

    /// <summary>The values of an enumeration, and what each means; empty for other types.</summary>
    internal IReadOnlyList<(string Name, Paragraph Meaning)> Values { get; } = [];

    /// <summary>The default value; <c>None</c> where the absence of the parameter means something that is no value of it.</summary>
    internal string Default { get; }

    /// <summary>What the parameter is in each parameter set that has it.</summary>
    internal IReadOnlyList<(string Set, CommandParameterInfo Parameter)> InSets { get; }

    /// <summary>Whether PowerShell itself adds the parameter to a cmdlet that asks for confirmation.</summary>
    internal bool IsOfEngine => Engine.ContainsKey(Name);

    internal bool IsSwitch => Type == typeof(SwitchParameter);

    internal bool TakesObjects => InSets.Any(set => set.Parameter.ValueFromPipeline);

    internal bool TakesProperties => InSets.Any(set => set.Parameter.ValueFromPipelineByPropertyName);

    internal bool SupportsWildcards => Any.Attributes.OfType<SupportsWildcardsAttribute>().Any();

    internal IReadOnlyList<string> Aliases => Any.Aliases;

    internal Type Type => Any.ParameterType;

    /// <summary>The names that a property can have to be bound to this parameter.</summary>
    internal string PropertyNames => Aliases.Count > 0 ? $"{Name} (or {string.Join(", ", Aliases)})" : Name;

    /// <summary>The type of one value.</summary>
    internal Type ElementType
    {
        get
        {
            Type type = Type.GetElementType() ?? Type;
            return Nullable.GetUnderlyingType(type) ?? type;
        }
    }

    // What does not differ between the sets.
    private CommandParameterInfo Any => InSets[0].Parameter;

    private IEnumerable<ValidateRangeAttribute> Ranges => Any.Attributes.OfType<ValidateRangeAttribute>();

    /// <summary>How a parameter takes values from the pipeline, in the words of <c>Get-Help</c>.</summary>
    internal static string PipelineInput(CommandParameterInfo parameter) => (parameter.ValueFromPipelineByPropertyName, parameter.ValueFromPipeline) switch
    {
        (true, true) => "True (ByPropertyName, ByValue)",
        (true, false) => "True (ByPropertyName)",
        (false, true) => "True (ByValue)",
        _ => "False",
    };

    private static Paragraph Sentence(ValidateRangeAttribute range) => new(IsUnbounded(range.MaxRange)
        ? string.Create(CultureInfo.InvariantCulture, $"At least {range.MinRange}.")
        : string.Create(CultureInfo.InvariantCulture, $"From {range.MinRange} to {range.MaxRange}."));

    private string TextOf(object? value) => value switch
    {
        null when IsSwitch => "False",
        null or "" or ICollection { Count: 0 } => "None",
        TimeSpan span when span == TimeSpan.Zero => "None",
        SwitchParameter given => given.IsPresent.ToString(),
        IConvertible given when IsUnbounded(given) || !IsInRange(given) => "None",
        IFormattable given => given.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private bool IsInRange(IConvertible value) => Ranges.All(range =>
        value.ToDecimal(CultureInfo.InvariantCulture) >= Convert.ToDecimal(range.MinRange, CultureInfo.InvariantCulture));

    private static bool IsUnbounded(object value) => value is int.MaxValue or long.MaxValue;
}
