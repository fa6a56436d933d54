using System.Management.Automation;
using QwenEdit.Journal;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.ModuleImport;
using Xunit.Abstractions;

namespace QwenEdit.Tests.Help;

/// <summary>Every cmdlet, and what a user may expect of each: help, output, questions, errors and views.</summary>
public sealed class CmdletMatrixTests(ITestOutputHelper output) : CommandTest
{
    private static readonly (string Name, Func<CmdletInfo, HelpPage, IEnumerable<string>> Missing)[] Columns =
    [
        ("Help", Boxes.Help),
        ("OutputType", (cmdlet, _) => Boxes.OutputType(cmdlet)),
        ("ShouldProcess", (cmdlet, _) => Boxes.ShouldProcess(cmdlet)),
        ("Error ids", (cmdlet, _) => Boxes.Errors(cmdlet)),
        ("View", (cmdlet, _) => Boxes.View(cmdlet)),
    ];

    [Fact]
    public void All_boxes_are_full()
    {
        List<string> empty = [];
        output.WriteLine($"{"",-26}{string.Concat(Columns.Select(column => $"{column.Name,-15}"))}");
        foreach (string name in ManifestExports.Cmdlets)
        {
            CmdletInfo cmdlet = (CmdletInfo)Assert.Single(Host.Run($"Get-Command {name}").WithoutErrors().Output).BaseObject;
            HelpPage page = HelpPage.Of(Host, name);
            string row = $"{name,-26}";
            foreach ((string column, Func<CmdletInfo, HelpPage, IEnumerable<string>> missing) in Columns)
            {
                string[] gaps = [.. missing(cmdlet, page)];
                row += $"{(gaps.Length == 0 ? "full" : "EMPTY"),-15}";
                empty.AddRange(gaps.Select(gap => $"{name}, {column}: it lacks {gap}"));
            }

            output.WriteLine(row);
        }

        Assert.True(empty.Count == 0, string.Join('\n', empty));
    }
}
