using System.Text.RegularExpressions;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Help;

/// <summary>The values of attributes that docs/telemetry.md names are those of the module.</summary>
public sealed partial class TelemetryPageTests
{
    /// <summary>The statuses of edits that have no outcome.</summary>
    private static readonly string[] WithoutOutcome = ["Submitted", "NotSubmitted", "InvalidInput", "Cancelled"];

    [Fact]
    public void Every_status_of_an_edit_is_there() =>
        Assert.Equal(Enum.GetNames<EditOutcome>().Concat(WithoutOutcome), Values("qwenedit.status"));

    [Fact]
    public void Every_stop_of_a_run_is_there() => Assert.Equal(Enum.GetNames<EditRunStop>(), Values("qwenedit.run.stopped_by"));

    // The names in the first column of an attribute's table, in its order.
    private static IEnumerable<string> Values(string attribute)
    {
        string page = File.ReadAllText(Path.Combine(BuiltModule.Repository, "docs", "telemetry.md")).ReplaceLineEndings("\n");
        IEnumerable<string> rows = page.Split('\n').SkipWhile(line => !line.StartsWith($"| `{attribute}` |", StringComparison.Ordinal))
            .Skip(2).TakeWhile(line => line.StartsWith('|'));
        return rows.SelectMany(row => Name().Matches(row.Split('|')[1])).Select(match => match.Groups[1].Value);
    }

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex Name();
}
