using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Crash.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Crash;

/// <summary>A process is killed on the way to a job, at each point that has a name, and the same command is run again.</summary>
public sealed class SubmissionPointTests : NamedPointTest
{
    [Fact]
    public async Task Waiting_for_the_rate_limit()
    {
        Fault(ApiRoute.Submit, FaultKind.Answer, status: 429);
        await KillAsync(() => Until.TrueAsync(() => Met() && CrashFixture.States() is ["Prepared"], "the refusal is recorded"));
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task While_the_image_is_being_uploaded()
    {
        CrashFixture.Parameters += " -Upload Storage -WarningAction Ignore";
        Fault(ApiRoute.Upload, FaultKind.DelayReading);
        await KillAsync(MetAsync);
        await AllAreReceivedAsync();
    }

    [Fact]
    public async Task While_the_image_is_being_sent()
    {
        await CrashFixture.DisposeAsync();
        // More than fits into what the two ends keep for each other.
        CrashFixture = await CrashFixture.StartAsync(images: 1, bytes: 16 * 1024 * 1024);
        Fault(ApiRoute.Submit, FaultKind.DelayReading);
        await KillAsync(MetAsync);

        // Whether all had left, it can't know: the process that did is gone.
        EndedProcess again = await CrashFixture.RunAsync();

        Assert.StartsWith("OutcomeUnknown,", Assert.Single(again.Errors), StringComparison.Ordinal);
        Assert.Equal(1, CrashFixture.LedgerCheck.FindsNothingLost());
        Assert.Empty(CrashFixture.Service.Ledger.Jobs);
    }

    [Theory]
    [InlineData("", ApiRoute.Submit)]
    [InlineData("-Upload Storage -WarningAction Ignore", ApiRoute.Submit)]
    [InlineData("-Transport Sync", ApiRoute.Sync)]
    public async Task Accepted_while_the_answer_is_not_there_yet(string parameters, ApiRoute route)
    {
        CrashFixture.Parameters += $" {parameters}";
        Fault(route, FaultKind.DelayHeaders);
        await KillAsync(AcceptedAsync);
        await FirstIsUnknownAsync();
    }

    [Fact]
    public async Task In_the_middle_of_the_answer_to_the_submission()
    {
        Fault(ApiRoute.Submit, FaultKind.DelayBody);
        await KillAsync(() => AnsweredAsync(ApiRoute.Submit));
        await FirstIsUnknownAsync();
    }

    [Fact]
    public async Task Answered_while_the_request_id_is_not_recorded_yet()
    {
        Fault(ApiRoute.Submit, FaultKind.DelayHeaders);
        await KillBeforeItIsRecordedAsync(AcceptedAsync, () => AnsweredAsync(ApiRoute.Submit));
        await FirstIsUnknownAsync();
    }

    [Fact]
    public async Task After_the_connection_was_reset_and_the_outcome_recorded_as_unknown()
    {
        Fault(ApiRoute.Submit, FaultKind.ResetAfterAccepting);
        // The second edit waits for the rate limit, so that nothing is under way when the process is killed.
        Fault(ApiRoute.Submit, FaultKind.Answer, status: 429);
        await KillAsync(() => Until.TrueAsync(
            () => CrashFixture.Service.Ledger.Requests.Any(request => request.Status == 429) && CrashFixture.States() is ["Unknown", "Prepared"],
            "the outcome is recorded, and the second edit waits"));
        await FirstIsUnknownAsync();
    }
}
