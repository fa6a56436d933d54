using System.Management.Automation;
using System.Reflection;
using System.Xml.Linq;

namespace QwenEdit.Help;

/// <summary>
/// The help of a cmdlet. Its class states the synopsis (<c>summary</c>), the description (<c>remarks</c>), the examples (<c>example</c>: a
/// paragraph as the title, the <c>code</c>, further paragraphs) and the related cmdlets (<c>seealso</c>). The rest is read from its metadata.
/// </summary>
internal sealed class CmdletHelp
{
    private readonly CmdletInfo _command;

    internal CmdletHelp(Type type, DocComments comments)
    {
        CmdletAttribute cmdlet = type.GetCustomAttribute<CmdletAttribute>()!;
        Verb = cmdlet.VerbName;
        Noun = cmdlet.NounName;
        OnlineUri = cmdlet.HelpUri;
        _command = new CmdletInfo(Name, type);
        Synopsis = [.. comments.Summary(type)];
        Description = [.. comments.Remarks(type)];
        object instance = Activator.CreateInstance(type)!;
        Parameters =
        [
            .. _command.ParameterSets
                .SelectMany(set => set.Parameters)
                .Select(parameter => parameter.Name)
                .Distinct()
                .Except(Cmdlet.CommonParameters)
                .Select(name => new ParameterHelp(name, _command, instance, comments))
                .OrderBy(parameter => parameter.IsOfEngine)
                .ThenBy(parameter => parameter.Name, StringComparer.OrdinalIgnoreCase),
        ];
        Inputs = [.. InputsOf(Parameters)];
        Outputs = [.. _command.OutputType.Select(output => new TypeHelp(output.Type.FullName!, [.. comments.Summary(output.Type)]))];
        if (Outputs.Count == 0)
        {
            Outputs = [TypeHelp.None("This cmdlet returns no output.")];
        }

        XElement comment = comments.Of(type);
        Examples = [.. comment.Elements("example").Select((example, index) => new ExampleHelp(example, $"Example {index + 1} of {Name}"))];
        Related = [.. comment.Elements("seealso").Select(link => NameOf(type.Assembly.GetType(link.Attribute("cref")!.Value[2..], throwOnError: true)!))];
    }

    internal string Verb { get; }

    internal string Noun { get; }

    internal string Name => $"{Verb}-{Noun}";

    /// <summary>The address that <c>Get-Help -Online</c> opens.</summary>
    internal string OnlineUri { get; }

    internal IReadOnlyList<Paragraph> Synopsis { get; }

    internal IReadOnlyList<Paragraph> Description { get; }

    internal IReadOnlyList<CommandParameterSetInfo> Sets => _command.ParameterSets;

    /// <summary>All parameters but the common ones, by name; those of PowerShell itself (-WhatIf, -Confirm) come last.</summary>
    internal IReadOnlyList<ParameterHelp> Parameters { get; }

    internal IReadOnlyList<TypeHelp> Inputs { get; }

    internal IReadOnlyList<TypeHelp> Outputs { get; }

    internal IReadOnlyList<ExampleHelp> Examples { get; }

    /// <summary>The names of related cmdlets.</summary>
    internal IReadOnlyList<string> Related { get; }

    /// <summary>The parameters of a set in the order of <c>Get-Command -Syntax</c>: positional, mandatory, optional.</summary>
    internal IEnumerable<(ParameterHelp Help, CommandParameterInfo InSet)> SyntaxOf(CommandParameterSetInfo set) => set.Parameters
        .Join(Parameters, parameter => parameter.Name, help => help.Name, (parameter, help) => (Help: help, InSet: parameter))
        .OrderBy(pair => pair.InSet.Position < 0 ? int.MaxValue : pair.InSet.Position)
        .ThenByDescending(pair => pair.InSet.IsMandatory)
        .ThenBy(pair => pair.Help.IsOfEngine);

    private static IEnumerable<TypeHelp> InputsOf(IReadOnlyList<ParameterHelp> parameters)
    {
        ParameterHelp[] byValue = [.. parameters.Where(parameter => parameter.TakesObjects)];
        string[] byProperty = [.. parameters.Where(parameter => parameter.TakesProperties).Select(parameter => parameter.PropertyNames)];
        foreach (ParameterHelp parameter in byValue)
        {
            yield return new TypeHelp(parameter.ElementType.FullName!, [new Paragraph($"Values for -{parameter.Name}.")]);
        }

        if (byProperty.Length > 0)
        {
            yield return new TypeHelp(
                typeof(PSObject).FullName!, [new Paragraph($"Any object with properties of these names: {string.Join(", ", byProperty)}.")]);
        }

        if (byValue.Length + byProperty.Length == 0)
        {
            yield return TypeHelp.None("This cmdlet takes no input from the pipeline.");
        }
    }

    private static string NameOf(Type type)
    {
        CmdletAttribute cmdlet = type.GetCustomAttribute<CmdletAttribute>()!;
        return $"{cmdlet.VerbName}-{cmdlet.NounName}";
    }
}

/// <summary>A type of the input or of the output, and what it is.</summary>
internal sealed record TypeHelp(string Name, IReadOnlyList<Paragraph> Description)
{
    internal static TypeHelp None(string why) => new("None", [new Paragraph(why)]);
}

/// <summary>An example: its title without a period, its script, and what is said about it.</summary>
internal sealed class ExampleHelp
{
    internal ExampleHelp(XElement example, string where)
    {
        Paragraph[] paragraphs = [.. DocComments.Paragraphs(new XElement("example", example.Elements("para")))];
        if (paragraphs.Length == 0 || example.Element("code") is not { } code)
        {
            throw new InvalidDataException($"{where} has no <para> for its title, or no <code>.");
        }

        Title = paragraphs[0].ToString().TrimEnd('.');
        Code = DocComments.Code(code);
        Remarks = paragraphs[1..];
    }

    internal string Title { get; }

    internal string Code { get; }

    internal IReadOnlyList<Paragraph> Remarks { get; }
}
