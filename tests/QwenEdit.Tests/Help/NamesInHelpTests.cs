using System.Management.Automation;
using System.Text.RegularExpressions;
using QwenEdit.Commands.Parameters;
using QwenEdit.Journal;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.ModuleImport;

namespace QwenEdit.Tests.Help;

/// <summary>Whatever cmdlet or parameter the help speaks of is there.</summary>
public sealed partial class NamesInHelpTests : CommandTest
{
    /// <summary>Parameters of PowerShell's own commands in the topics' scripts.</summary>
    private static readonly string[] OfOthers =
    [
        "Append", "Argument", "AsSecureString", "At", "Authentication", "Command", "Daily", "Execute", "ExecutionPolicy", "ExecutionTimeLimit", "File",
        "Format", "Hours", "Interaction", "MaskInput", "Message", "Minutes", "ModuleName", "MultipleInstances", "NoProfile", "NonInteractive", "Once",
        "Password", "Settings", "Source", "Destination", "StartWhenAvailable", "Sum", "TaskName", "Trigger", "User", "Action", "RepetitionInterval",
        "RepetitionDuration", "Parallel", "Examples", "First", "Logs", "EQ", "GT", "LT",
    ];

    public static TheoryData<string> Pages => [.. ManifestExports.Cmdlets, .. HelpTopic.All];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Cmdlets_and_parameters_that_help_names_are_there(string page)
    {
        string text = HelpTopic.All.Contains(page) ? HelpTopic.Read(page) : HelpPage.Of(Host, page).Text;
        HashSet<string> parameters =
        [
            .. Host.Run("Get-Command *-Qwen* | ForEach-Object { $_.Parameters.Keys }").WithoutErrors().Output.Select(name => name.ToString()),
            .. Cmdlet.CommonParameters,
            .. OfOthers,
        ];

        Assert.Empty(CmdletName().Matches(text).Select(match => match.Value).Except(ManifestExports.Cmdlets));
        Assert.Empty(ParameterName().Matches(text).Select(match => match.Groups[1].Value).Except(parameters));
    }

    [GeneratedRegex("[A-Z][a-z]+-Qwen[A-Za-z]+")]
    private static partial Regex CmdletName();

    [GeneratedRegex(@"(?<=[\s(\[]|^)-([A-Z][A-Za-z0-9]+)")]
    private static partial Regex ParameterName();
}
