using System.Management.Automation;
using QwenEdit.Runs;
using QwenEdit.Tests.Commands.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>The catalog of errors: it is complete, and its columns agree.</summary>
public sealed class EditErrorCatalogTests
{
    public static TheoryData<EditError> Errors => [.. Enum.GetValues<EditError>()];

    [Fact]
    public void Every_error_has_one_row() =>
        Assert.Equal(Enum.GetValues<EditError>().Order(), EditErrorCatalog.Groups.SelectMany(group => group.Errors).Select(info => info.Error).Order());

    [Theory]
    [MemberData(nameof(Errors))]
    public void The_category_is_one_of_PowerShell(EditError error)
    {
        Assert.True(Enum.TryParse(EditErrorCatalog.Of(error).Category, out ErrorCategory category));
        Assert.Equal(EditErrorCatalog.Of(error).Category, category.ToString());
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void The_exit_code_is_in_the_table_of_exit_codes(EditError error) =>
        Assert.Contains(EditErrorCatalog.Of(error).ExitCode ?? 1, ExitCodes.Rows.Select(row => row.Code));

    [Theory]
    [MemberData(nameof(Errors))]
    public void The_next_step_is_a_sentence_with_and_without_a_job(EditError error)
    {
        EditErrorInfo info = EditErrorCatalog.Of(error);

        Assert.All([info.NextStepWith(string.Empty), info.NextStepWith("Receive it.")], step => Assert.Matches(@"^[A-Z][^{}]*[^. ]\.$", step));
        Assert.Equal(info.NextStep.Contains("{receive}", StringComparison.Ordinal), info.NextStepWith("Receive it.").EndsWith(" Receive it.", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void An_edit_that_failed_is_not_billed_and_one_that_is_unknown_may_be(EditError error)
    {
        EditErrorInfo info = EditErrorCatalog.Of(error);
        if (info.WithJob == EditOutcome.Failed)
        {
            Assert.Equal(Billing.NotBilled, info.Billing);
        }

        if (EditOutcome.Unknown == info.WithoutJob || info.WithJob is EditOutcome.Unknown or EditOutcome.Expired)
        {
            Assert.Equal(Billing.MayBeBilled, info.Billing);
        }
    }

    [Theory]
    [InlineData(EditError.InsufficientCredits, EditOutcome.Failed, EditOutcome.NotReceived)]
    [InlineData(EditError.DestinationExists, null, EditOutcome.NotReceived)]
    [InlineData(EditError.DestinationCollision, null, EditOutcome.NotReceived)]
    [InlineData(EditError.DestinationUnwritable, null, EditOutcome.NotReceived)]
    [InlineData(EditError.SubmissionStopped, null, EditOutcome.NotReceived)]
    [InlineData(EditError.OutcomeUnknown, EditOutcome.Unknown, EditOutcome.Unknown)]
    [InlineData(EditError.RecordExpired, EditOutcome.Expired, EditOutcome.Expired)]
    [InlineData(EditError.EditBusy, EditOutcome.Busy, EditOutcome.Busy)]
    [InlineData(EditError.JobFailed, EditOutcome.Failed, EditOutcome.Failed)]
    [InlineData(EditError.NoJobMade, EditOutcome.Failed, EditOutcome.Failed)]
    [InlineData(EditError.TimedOut, EditOutcome.Failed, EditOutcome.TimedOut)]
    [InlineData(EditError.JobNotFinished, EditOutcome.Failed, EditOutcome.TimedOut)]
    [InlineData(EditError.RateLimited, EditOutcome.Failed, EditOutcome.TimedOut)]
    [InlineData(EditError.ConnectionFailed, EditOutcome.Failed, EditOutcome.NotReceived)]
    [InlineData(EditError.OutputInvalid, EditOutcome.Failed, EditOutcome.NotReceived)]
    public void The_status_of_an_edit_without_a_job_and_with_one(EditError error, EditOutcome? without, EditOutcome with) =>
        Assert.Equal((without, with), (EditErrorCatalog.Of(error).WithoutJob, EditErrorCatalog.Of(error).WithJob));

    [Fact]
    public void The_limits_of_the_user_are_these() => Assert.Equal(
        [EditError.MaxCostReached, EditError.ConfirmAboveReached, EditError.MaxFailureReached, EditError.MaxDurationReached, EditError.TooManyJobs],
        EditErrorCatalog.All.Where(info => info.IsLimit).Select(info => info.Error));

    [Fact]
    public void What_is_a_matter_of_repetition_or_of_a_full_disk_stops_only_then()
    {
        Assert.Equal(
            [EditError.ConnectionFailed, EditError.RateLimited, EditError.ServiceUnavailable],
            EditErrorCatalog.All.Where(info => info.Stop?.Condition == StopCondition.WhenRepeated).Select(info => info.Error).OrderBy(error => error.ToString(), StringComparer.Ordinal));
        Assert.Equal(
            [EditError.DestinationUnwritable],
            EditErrorCatalog.All.Where(info => info.Stop?.Condition == StopCondition.WhenDiskIsFull).Select(info => info.Error));
    }

    /// <summary>What the errors are, said independently of the catalog: the category of each in its scenario.</summary>
    [Fact]
    public void The_categories_are_those_of_the_scenarios() =>
        Assert.All(ErrorScenarios.All, scenario => Assert.Equal(scenario.Value.Category.ToString(), EditErrorCatalog.Of(scenario.Key).Category));
}
