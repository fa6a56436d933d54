using System.Management.Automation;
using QwenEdit.Editing;
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
        [EditError.NoJobMade] = "QwenEdit.Tests/Reconciliation/UnknownEditRunTests.cs",
        [EditError.JournalIncomplete] = "QwenEdit.Tests/Commands/UnrecordedEditTests.cs",
        [EditError.JournalBusy] = "QwenEdit.Tests/Journal/LockedJournalTests.cs",
        [EditError.JournalNewer] = "QwenEdit.Tests/Journal/JournalFileTests.cs",
        [EditError.EditBusy] = "QwenEdit.Tests/Commands/ResumeTableTests.cs",
        [EditError.MaxCostReached] = "Pester/Cap.Tests.ps1",
        [EditError.ConfirmAboveReached] = "Pester/Confirm.Tests.ps1",
        [EditError.MaxFailureReached] = "Pester/Cap.Tests.ps1",
        [EditError.MaxDurationReached] = "Pester/Cap.Tests.ps1",
        [EditError.TooManyJobs] = "QwenEdit.Tests/Commands/RunExpiryTests.cs",
        [EditError.RunTerminated] = "Pester/Signal.Tests.ps1",
        [EditError.RunNotInJournal] = "Pester/Run.Tests.ps1",
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

    [Fact]
    public async Task A_job_that_the_service_has_forgotten_is_expired()
    {
        Folder.Image("a.png");
        (await RunAsync("Submit-QwenImageEdit a.png 'emulate:seconds=0 emulate:expired'")).WithoutErrors();
        MakeOlder(TimeSpan.FromMinutes(2));

        PSObject status = Assert.Single((await RunAsync("Get-QwenEditJob | Get-QwenEditStatus")).WithoutErrors().Output);
        Assert.Equal("Expired", status.Properties["Status"].Value.ToString());
        Assert.NotNull(status.Properties["Error"].Value);

        ScriptRun run = await RunAsync("Invoke-QwenImageEdit a.png 'emulate:seconds=0 emulate:expired'");
        PSObject result = Assert.Single(run.Output);
        Assert.Equal("Expired", result.Properties["Status"].Value.ToString());
        Assert.Contains((string)result.Properties["Error"].Value, Assert.Single(run.Errors).ToString(), StringComparison.Ordinal);
        Assert.Equal(["a.png"], Folder.Files);
    }
}
