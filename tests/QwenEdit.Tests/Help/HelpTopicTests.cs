using System.Text.RegularExpressions;
using QwenEdit.Journal;
using QwenEdit.Runs;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Help;

/// <summary>The about_ topics, held against what they tell of.</summary>
public sealed partial class HelpTopicTests : RunTest
{
    public static TheoryData<string> Topics => [.. HelpTopic.All];

    [Fact]
    public void The_topics_are_there() =>
        Assert.Equal(["about_QwenEdit", "about_QwenEdit_Errors", "about_QwenEdit_Journal", "about_QwenEdit_Unattended"], HelpTopic.All);

    [Theory]
    [MemberData(nameof(Topics))]
    public void Get_Help_shows_a_topic_as_it_is_on_a_narrow_screen(string topic)
    {
        string shown = Host.Set("topic", topic).Run("Get-Help $topic | ForEach-Object ToString").WithoutErrors().Output.Single().ToString().ReplaceLineEndings("\n");

        Assert.Equal(HelpTopic.Read(topic).TrimEnd(), shown.TrimEnd());
        Assert.All(shown.Split('\n'), line => Assert.InRange(line.Length, 0, 79));
        // Windows PowerShell takes other letters for those of the system's code page.
        Assert.DoesNotContain(shown, letter => letter is not ('\n' or (>= ' ' and <= '~')));
    }

    // Who deletes the log after a kill, or copies the journal without it, loses what was paid for.
    [Theory]
    [InlineData("journal.db-wal")]
    [InlineData("journal.db-shm")]
    [InlineData("journal.db-session-")]
    [InlineData("backup")]
    public void The_topic_of_the_journal_names_all_its_files_and_how_to_back_them_up(string name) =>
        Assert.Contains(name, HelpTopic.Read("about_QwenEdit_Journal"), StringComparison.Ordinal);

    [Fact]
    public void Every_error_is_in_the_topic_and_no_other_is() =>
        Assert.Equal(Enum.GetNames<EditError>().Order(), HelpTopic.Errors.Keys.Order());

    [Fact]
    public void Every_error_of_the_topic_has_a_meaning_and_a_next_step() =>
        Assert.All(HelpTopic.Errors, error => Assert.Matches(@"^ {8}[A-Z](.|\n)*\.\n\n {8}To do: (.|\n)*\.\n$", error.Value));

    [Fact]
    public void Every_error_of_the_topic_has_its_exit_code_its_billing_and_the_next_step_of_the_catalog() =>
        Assert.All(EditErrorCatalog.All, info =>
        {
            string entry = Regex.Replace(HelpTopic.Errors[info.Error.ToString()], @"\s+", " ");
            Assert.Contains(info.ExitCode is { } code ? $" Exit code {code}. " : " The exit code is that of the cause. ", entry, StringComparison.Ordinal);
            Assert.Matches(info.Billing switch { Billing.NotBilled => "\\. Not billed\\.", Billing.Billed => "\\. Billed\\.", _ => "\\. May be billed\\." }, entry);
            Assert.Equal(info.Stop is not null, entry.Contains(" Stops submitting", StringComparison.Ordinal));
            Assert.Contains($" To do: {info.NextStepWith(string.Empty)}", entry, StringComparison.Ordinal);
        });

    /// <summary>All places that tell of the exit codes, by the form that a row has there.</summary>
    [Theory]
    [InlineData("docs/en-US/about_QwenEdit_Unattended.md", @"^\| (\d+) \| (.*)$")]
    [InlineData("docs/exit-codes.md", @"^\| (\d+) \| (.*)$")]
    [InlineData("README.md", @"^\| (\d+) \| (.*)$")]
    [InlineData("src/QwenEdit/Models/EditRun.cs", "<term>([0-9]+)</term><description>(.*)</description>")]
    public void Every_table_of_the_exit_codes_is_that_of_the_module(string file, string row)
    {
        string text = File.ReadAllText(Path.Combine(BuiltModule.Repository, file)).ReplaceLineEndings("\n");

        Assert.Equal(
            ExitCodes.Rows.Select(code => $"{code.Code} {Beginning(code.Meaning)}"),
            Regex.Matches(text, row, RegexOptions.Multiline).Select(match => $"{match.Groups[1].Value.Trim()} {Beginning(match.Groups[2].Value)}"));
    }

    // The words that every one of them has: "temporary" of "temporary, cancelled, or never ended".
    private static string Beginning(string meaning) => Words().Match(meaning).Value.Trim();

    [Theory]
    [InlineData("$key", 0)]
    [InlineData("'SG_fedcba9876543210'", 7)]
    [InlineData("''", 7)]
    public async Task The_script_for_a_task_exits_with_the_code_of_its_run(string key, int code)
    {
        Folder.Images("sale.png", "harbour.png");
        Folder.Text("edit.ps1", Script().Match(HelpTopic.Read("about_QwenEdit_Unattended")).Groups[1].Value);
        (await RunAsync(MissingCommands.Script)).WithoutErrors();
        (await RunAsync("Submit-QwenImageEdit sale.png 'Make it red' -DestinationPath red")).WithoutErrors();

        ScriptRun run = await RunAsync($"""
            $PSDefaultParameterValues['*-Qwen*:ApiKey'] = {key}
            & ./edit.ps1 -Source *.png -Destination done -Logs logs
            $LASTEXITCODE
            """);

        Assert.Equal(code, run.Output[^1].BaseObject);
        Assert.Equal(
            code == 0 ? ["done/harbour.png", "done/sale.png", "edit.ps1", "harbour.png", "red/sale.png", "sale.png"] : ["edit.ps1", "harbour.png", "sale.png"],
            Folder.Files.Where(file => !file.StartsWith("logs/", StringComparison.Ordinal)));
        // Of the two cmdlets, as far as the script came.
        Assert.Equal(key == "''" ? 1 : 2, Folder.Files.Count(file => file.StartsWith("logs/", StringComparison.Ordinal)));
    }

    [GeneratedRegex("^[A-Za-z ]+")]
    private static partial Regex Words();

    [GeneratedRegex(@"edit\.ps1:\n\n((?: {8}.*\n|\n)+)")]
    private static partial Regex Script();
}
