using System.Management.Automation;
using System.Reflection;
using System.Xml.Linq;
using QwenEdit.Commands.Parameters;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Help;

/// <summary>What every cmdlet must have. Each box says what is missing in it; one that is full says nothing.</summary>
internal static class Boxes
{
    private static readonly string[] ReadingVerbs = [VerbsCommon.Get, VerbsDiagnostic.Measure, VerbsDiagnostic.Test, VerbsCommon.Find];

    private static readonly HashSet<string> Views =
        [.. XDocument.Load(Path.Combine(BuiltModule.Folder, "QwenEdit.Format.ps1xml")).Descendants("TypeName").Select(name => name.Value)];

    /// <summary>A synopsis, a description, a text for each parameter and none for another, inputs, outputs and links.</summary>
    internal static IEnumerable<string> Help(CmdletInfo cmdlet, HelpPage page)
    {
        string[] parameters = [.. cmdlet.Parameters.Keys.Except(Cmdlet.CommonParameters)];
        (string What, bool IsThere)[] parts =
        [
            ("a synopsis", page.Synopsis.EndsWith('.')),
            ("a description", page.Description.Length > 0),
            ("inputs", page.Inputs.Count > 0),
            ("outputs", page.Outputs.Count > 0),
            ("the page that HelpUri names", page.Online is not null && page.Online == HelpUri(cmdlet)),
            ("examples that fit a narrow screen", page.Examples.All(example => example.Value.Split('\n').Append($"----- {example.Key} -----").All(line => line.Length <= 76))),
            ("links to the topics", !HelpTopic.All.Except(page.Links).Any()),
        ];
        return parts.Where(part => !part.IsThere).Select(part => part.What)
            .Concat(parameters.Where(name => !page.Parameters.TryGetValue(name, out string? text) || !text.EndsWith('.')).Select(name => $"a text for -{name}"))
            .Concat(page.Parameters.Keys.Except(parameters).Select(name => $"the parameter -{name} that the help names"));
    }

    /// <summary>The type of what it writes; what removes something writes nothing.</summary>
    internal static IEnumerable<string> OutputType(CmdletInfo cmdlet) =>
        cmdlet.OutputType.Count > 0 || cmdlet.Verb == VerbsCommon.Remove ? [] : ["an [OutputType]"];

    /// <summary>-WhatIf and -Confirm where it spends or writes, which is wherever the verb does not say that it reads.</summary>
    internal static IEnumerable<string> ShouldProcess(CmdletInfo cmdlet) =>
        cmdlet.Parameters.ContainsKey("WhatIf") == !ReadingVerbs.Contains(cmdlet.Verb) ? []
        : [ReadingVerbs.Contains(cmdlet.Verb) ? "nothing to ask about, as it only reads" : "SupportsShouldProcess"];

    /// <summary>Every error that it is known to write, in about_QwenEdit_Errors.</summary>
    internal static IEnumerable<string> Errors(CmdletInfo cmdlet) => ErrorScenarios.All
        .Where(scenario => $"{scenario.Value.Command}Command" == cmdlet.ImplementingType.Name)
        .Select(scenario => scenario.Key.ToString())
        .Except(HelpTopic.Errors.Keys)
        .Select(error => $"{error} in about_QwenEdit_Errors");

    /// <summary>A view for each type that it writes.</summary>
    internal static IEnumerable<string> View(CmdletInfo cmdlet) =>
        cmdlet.OutputType.Select(output => output.Name).Where(type => !Views.Contains(type)).Select(type => $"a view for {type}");

    private static string? HelpUri(CmdletInfo cmdlet) => cmdlet.ImplementingType.GetCustomAttribute<CmdletAttribute>()!.HelpUri;
}
