using QwenEdit.Runs;

namespace QwenEdit.Tests.Commands;

/// <summary>The table of exit codes: what stands for a code, and which comes first.</summary>
public sealed class RunExitCodeTests
{
    public static TheoryData<int> Codes => [.. ExitCodes.Rows.Select(row => row.Code)];

    [Fact]
    public void These_are_the_codes_in_the_order_of_their_precedence() =>
        Assert.Equal([12, 7, 8, 5, 11, 20, 1, 0], ExitCodes.Rows.Select(row => row.Code));

    [Theory]
    [InlineData(12, EditError.JournalUnavailable, null)]
    [InlineData(12, EditError.DestinationUnwritable, null)]
    [InlineData(12, null, EditRunStop.Disk)]
    [InlineData(7, EditError.ApiKeyRejected, null)]
    [InlineData(7, EditError.InsufficientCredits, EditRunStop.Credits)]
    [InlineData(7, EditError.ModelRetired, EditRunStop.Model)]
    [InlineData(8, null, EditRunStop.MaxCost)]
    [InlineData(8, null, EditRunStop.ConfirmAbove)]
    [InlineData(8, EditError.JobFailed, EditRunStop.MaxFailure)]
    [InlineData(8, null, EditRunStop.MaxDuration)]
    [InlineData(8, null, EditRunStop.Expiry)]
    [InlineData(5, EditError.TimedOut, null)]
    [InlineData(5, EditError.RateLimited, null)]
    [InlineData(5, EditError.ServiceUnavailable, null)]
    [InlineData(5, EditError.ConnectionFailed, null)]
    [InlineData(5, null, EditRunStop.Cancelled)]
    [InlineData(11, EditError.EditBusy, null)]
    [InlineData(20, EditError.OutcomeUnknown, null)]
    [InlineData(1, EditError.JobFailed, null)]
    [InlineData(1, EditError.NotAnImage, null)]
    [InlineData(1, EditError.RecordExpired, null)]
    [InlineData(0, null, null)]
    public void One_thing_alone(int code, EditError? error, EditRunStop? stop) =>
        Assert.Equal(code, ExitCodes.Of(error is { } met ? [met] : [], stop));

    [Theory]
    [MemberData(nameof(Codes))]
    public void With_all_that_stands_below_it_a_row_still_decides(int code)
    {
        List<ExitCodes.Row> below = [.. ExitCodes.Rows.SkipWhile(row => row.Code != code)];
        EditError[] errors = [.. below.SelectMany(row => row.Errors)];
        bool isOfErrors = below[0].Errors.Count > 0;
        IEnumerable<EditRunStop?> stops = (isOfErrors ? below : [below[0]]).SelectMany(row => row.Stops).Cast<EditRunStop?>();

        Assert.All(isOfErrors || code == 0 ? stops.Append(null) : stops, stop => Assert.Equal(code, ExitCodes.Of(errors, stop)));
    }

    [Theory]
    [InlineData(12, EditRunStop.Disk)]
    [InlineData(7, EditRunStop.Credits)]
    [InlineData(7, EditRunStop.Authorization)]
    [InlineData(7, EditRunStop.Model)]
    [InlineData(8, EditRunStop.MaxCost)]
    [InlineData(8, EditRunStop.ConfirmAbove)]
    [InlineData(8, EditRunStop.MaxFailure)]
    [InlineData(8, EditRunStop.MaxDuration)]
    [InlineData(8, EditRunStop.Expiry)]
    [InlineData(5, EditRunStop.Service)]
    [InlineData(5, EditRunStop.Cancelled)]
    public void A_reason_to_stop_has_one_code(int code, EditRunStop stop) =>
        Assert.Equal([code], ExitCodes.Rows.Where(row => row.Stops.Contains(stop)).Select(row => row.Code));

    [Fact]
    public void Every_error_and_every_reason_to_stop_has_a_code_that_is_no_success()
    {
        Assert.All(Enum.GetValues<EditError>(), error => Assert.NotEqual(0, ExitCodes.Of([error], null)));
        Assert.All(Enum.GetValues<EditRunStop>(), stop => Assert.NotEqual(0, ExitCodes.Of([], stop)));
    }

    [Fact]
    public void No_error_stands_for_two_codes() =>
        Assert.Equal(Enum.GetValues<EditError>().Order(), ExitCodes.Rows.SelectMany(row => row.Errors).Order());
}
