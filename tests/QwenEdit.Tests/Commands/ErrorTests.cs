using System.Management.Automation;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

public sealed class ErrorTests : CommandTest
{
    public static TheoryData<EditError> Errors => [.. ErrorScenarios.All.Keys];

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task An_error_has_its_id_and_category_and_says_what_to_do_next(EditError error)
    {
        ErrorScenario scenario = ErrorScenarios.All[error];
        Folder.Image("poster.png");
        scenario.Before(Folder);
        Array.ForEach(scenario.Faults, Emulator.Faults.Add);

        Task<ScriptRun> running = RunAsync(scenario.Script);
        await scenario.Meanwhile(Emulator, Folder).WaitAsync(Patience);
        ScriptRun run = await running;

        ErrorRecord record = scenario.Ends ? run.TerminatingError! : run.SingleError(error, scenario.Command);
        Assert.StartsWith(Support.Errors.Id(error, scenario.Command), record.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(scenario.Category, record.CategoryInfo.Category);
        Assert.Contains(scenario.Names, record.ToString(), StringComparison.Ordinal);
        Assert.Contains(scenario.NextStep, record.ToString(), StringComparison.Ordinal);
        Assert.Equal("QwenEdit.QwenEditException", record.Exception.GetType().FullName);
        Assert.DoesNotContain("..", record.ToString().Replace("...", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("  ", record.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Errors that need more than a script, and the files of the tests in which they come about.</summary>
    private static readonly Dictionary<EditError, string> Elsewhere = new()
    {
        [EditError.NoJobMade] = "QwenEdit.Tests/Engine/UnsettledRunTests.cs",
        [EditError.JournalBusy] = "QwenEdit.Tests/Journal/LockedJournalTests.cs",
        [EditError.JournalNewer] = "QwenEdit.Tests/Journal/JournalFileTests.cs",
        [EditError.EditBusy] = "QwenEdit.Tests/Commands/RerunTableTests.cs",
        [EditError.MaxCostReached] = "QwenEdit.Tests/Commands/RunCostTests.cs",
        [EditError.ConfirmAboveReached] = "Pester/Confirm.Tests.ps1",
        [EditError.MaxFailureReached] = "QwenEdit.Tests/Commands/RunFailureTests.cs",
        [EditError.MaxDurationReached] = "QwenEdit.Tests/Commands/RunDurationTests.cs",
        [EditError.TooManyJobs] = "QwenEdit.Tests/Commands/RunExpiryTests.cs",
        [EditError.RunTerminated] = "QwenEdit.Tests/Commands/RunProcessTests.cs",
        [EditError.RunNotInJournal] = "QwenEdit.Tests/Commands/RunListTests.cs",
    };

    [Fact]
    public void Every_error_comes_about_in_a_test()
    {
        Assert.Equal(Enum.GetValues<EditError>().Except([EditError.UnexpectedError]), ErrorScenarios.All.Keys.Concat(Elsewhere.Keys).Order());
        Assert.All(Elsewhere, error => Assert.Contains(
            error.Key.ToString(),
            File.ReadAllText(Path.Combine(BuiltModule.Repository, "tests", error.Value)),
            StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("emulate:fail", "Failed")]
    [InlineData("emulate:expired", "Expired")]
    [InlineData("emulate:html", "NotReceived")]
    [InlineData("emulate:processing", "TimedOut")]
    public async Task An_edit_without_an_image_is_an_error_and_a_result_that_says_the_same(string prompt, string status)
    {
        Folder.Images("a.png");
        Host.Set("prompt", prompt);
        if (status == "Expired")
        {
            (await RunAsync("Submit-QwenImageEdit a.png $prompt")).WithoutErrors();
            MakeOlder(TimeSpan.FromMinutes(2));
        }

        ScriptRun run = await RunAsync("Invoke-QwenImageEdit a.png $prompt -TimeoutSec 1 -MaximumRetryCount 0");

        PSObject result = Assert.Single(run.Output);
        Assert.Equal(status, result.Properties["Status"].Value.ToString());
        Assert.Contains((string)result.Properties["Error"].Value, Assert.Single(run.Errors).ToString(), StringComparison.Ordinal);
        Assert.Equal(["a.png"], Folder.Files);
    }

    [Fact]
    public async Task One_edit_that_fails_does_not_keep_the_others()
    {
        Folder.Images("a.png", "b.png", "c.png");

        ScriptRun run = await RunAsync("""
            Get-ChildItem | Invoke-QwenImageEdit -Prompt { if ($_.Name -eq 'b.png') { 'emulate:fail' } else { 'Make it red' } }
            """);

        Assert.Equal(Folder["b.png"], run.SingleError(EditError.JobFailed).TargetObject);
        Assert.Equal(["Failed", "Received", "Received"], run.Values("Status").Select(status => status!.ToString()).Order());
    }

    [Fact]
    public async Task ErrorAction_Stop_ends_the_call_at_an_edit_that_fails()
    {
        Folder.Images("a.png", "b.png");

        ScriptRun run = await RunAsync("""
            Get-ChildItem | Invoke-QwenImageEdit -Prompt { if ($_.Name -eq 'a.png') { 'emulate:fail' } else { 'emulate:processing' } } -ErrorAction Stop
            """);

        run.EndingError(EditError.JobFailed);
    }

    [Fact]
    public async Task A_job_that_timed_out_can_be_received_as_its_error_says()
    {
        Folder.Image("a.png");

        ScriptRun given = await RunAsync("Invoke-QwenImageEdit a.png 'emulate:seconds=60' -TimeoutSec 1");
        string advice = given.SingleError(EditError.TimedOut).ToString();
        Emulator.Clock.Advance(TimeSpan.FromMinutes(1));
        string command = advice[advice.IndexOf("Receive-QwenEditResult", StringComparison.Ordinal)..advice.IndexOf(" receives", StringComparison.Ordinal)];
        ScriptRun run = (await RunAsync(command)).WithoutErrors();

        Assert.Equal("Received", Assert.Single(run.Values("Status"))!.ToString());
    }
}
