using System.Management.Automation;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>The tables that objects are shown as.</summary>
public sealed class ViewTests : CommandTest
{
    private const string Long = "a-poster-with-quite-a-long-name-as-cameras-and-people-give-them-2026-09-30.png";

    public static TheoryData<string, int> Tables
    {
        get
        {
            TheoryData<string, int> tables = [];
            foreach (int width in (ReadOnlySpan<int>)[80, 120, 200])
            {
                tables.Add("Get-ChildItem | Submit-QwenImageEdit -Prompt 'Make it red'", width);
                tables.Add("Get-ChildItem | Submit-QwenImageEdit -Prompt 'emulate:processing' | Get-QwenEditStatus", width);
                tables.Add("Get-ChildItem | Submit-QwenImageEdit -Prompt 'Make it red' | Get-QwenEditStatus -Wait", width);
                tables.Add("Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red'", width);
                tables.Add("Get-ChildItem | Invoke-QwenImageEdit -Prompt 'emulate:processing' -TimeoutSec 1 -ErrorAction Ignore", width);
            }

            return tables;
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task A_table_fits_the_screen_and_cuts_no_id_and_no_status(string script, int width)
    {
        Folder.Images("a.png", Long, "海报 一千元 改成 五元.png");
        ScriptRun run = (await RunAsync(script)).WithoutErrors();

        string table = Host.Render(run.Output, width);

        string[] lines = table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(2 + 3, lines.Length);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, width));
        Assert.All(run.Values("Status"), status => Assert.Contains($"{status}", table, StringComparison.Ordinal));
        if (lines[0].Contains("RequestId", StringComparison.Ordinal))
        {
            Assert.All(run.Values("RequestId"), id => Assert.Contains((string)id!, table, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Submit-QwenImageEdit a.png 'Make it red'", "RequestId Status Expires Source")]
    [InlineData("Submit-QwenImageEdit a.png 'Make it red' | Get-QwenEditStatus", "RequestId Status Cost Queue s Infer s Source")]
    [InlineData("Invoke-QwenImageEdit a.png 'Make it red'", "Status Cost Queue s Infer s Source Destination")]
    public async Task A_table_has_the_columns_one_looks_for(string script, string columns)
    {
        Folder.Image("a.png");
        ScriptRun run = (await RunAsync(script)).WithoutErrors();

        string[] lines = Host.Render(run.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        Assert.Equal(columns, string.Join(' ', lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains("a.png", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-QwenEditCredit", "Credits Free Checked Endpoint")]
    [InlineData("Measure-QwenImageEdit a.png 'Make it red'", "Images To submit MB Cost Time To receive Done Problems")]
    public async Task A_single_object_is_a_row_of_a_narrow_table(string script, string columns)
    {
        Folder.Image("a.png");
        ScriptRun run = (await RunAsync(script)).WithoutErrors();

        string[] lines = Host.Render(run.Output, 80).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        Assert.Equal(columns, string.Join(' ', lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(3, lines.Length);
    }

    [Fact]
    public async Task A_table_shows_the_cost_as_it_was()
    {
        Folder.Image("a.png");
        ScriptRun run = (await RunAsync("Invoke-QwenImageEdit a.png 'emulate:cost=0.0125'")).WithoutErrors();

        Assert.Contains(0.0125m.ToString(System.Globalization.CultureInfo.CurrentCulture), Host.Render(run.Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_properties_are_there_for_scripts()
    {
        Folder.Image("a.png");
        ScriptRun run = (await RunAsync("""
            $job = Submit-QwenImageEdit a.png 'Make it red'
            $job; $job | Get-QwenEditStatus; $job | Receive-QwenEditResult -Wait
            """)).WithoutErrors();

        Assert.Equal(
            [
                "EditId RunId RequestId Status Source Destination Prompt Model Seed ImageFormat Endpoint SubmittedAt ExpiresAt Cost Error",
                "RequestId Status Source Destination Cost RemainingCredits Seed QueueSeconds InferenceSeconds SubmittedAt ExpiresAt CheckedAt Error",
                "Status Source Destination Length RequestId Prompt Model Cost RemainingCredits Seed QueueSeconds InferenceSeconds "
                    + "SubmittedAt ExpiresAt OutputUrl Error PSPath",
            ],
            run.Output.Select(item => string.Join(' ', item.Properties.Where(property => property is PSProperty).Select(property => property.Name))));
    }
}
