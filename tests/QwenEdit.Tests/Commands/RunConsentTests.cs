using System.Management.Automation;
using QwenEdit.Emulator;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Crash.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary><c>-ConfirmAbove</c> asks once, before the edit that would pass it is sent.</summary>
public sealed class RunConsentTests : RunTest
{
    /// <summary>Two edits cost less, three cost more.</summary>
    private const string Edit = "Invoke-QwenImageEdit 0*.png -Prompt Blue -DestinationPath out/ -ConfirmAbove 0.03 -RunVariable run";

    private string[] Results => [.. Folder.Files.Where(file => file.StartsWith("out/", StringComparison.Ordinal) && !file.Contains("tmp", StringComparison.Ordinal))];

    [Fact]
    public async Task After_a_Yes_the_call_goes_on_without_asking_again()
    {
        MakeImages(6);
        int accepted = 0;
        Host.BeforeAnswer = () => accepted = Emulator.Ledger.Jobs.Count;

        (await RunAsync(Edit)).WithoutErrors();

        // The second may still be on its way there.
        Assert.InRange(accepted, 1, 2);
        Assert.Contains("-ConfirmAbove 0.03 would be passed This run has spent 0.0", Assert.Single(Host.Questions), StringComparison.Ordinal);
        ExpectRun(new { Received = 6, NotSubmitted = 0, Cost = 6 * Price, StoppedBy = "", ExitCode = 0 });
    }

    [Fact]
    public async Task What_is_in_flight_is_received_while_the_question_stands_and_the_others_wait()
    {
        MakeImages(6);
        (await RunAsync("Invoke-QwenImageEdit 01.png -Prompt Learn -DestinationPath learnt/")).WithoutErrors();
        Host.BeforeAnswer = () =>
        {
            Until.TrueAsync(() => Emulator.Ledger.Jobs.Count == 3, "two edits are in flight").GetAwaiter().GetResult();
            Emulator.Clock.Advance(TimeSpan.FromHours(0.5));
            Until.TrueAsync(() => Results.Length == 2, "they are received").GetAwaiter().GetResult();
            Assert.Equal(3, Emulator.Ledger.Jobs.Count);
        };

        Task<ScriptRun> running = RunAsync(Edit.Replace("Blue", "emulate:seconds=600", StringComparison.Ordinal));
        await Until.TrueAsync(() => Emulator.Ledger.Jobs.Count == 7, "the others follow the answer");
        Emulator.Clock.Advance(TimeSpan.FromHours(0.5));
        (await running).WithoutErrors();

        Assert.Equal(
            "-ConfirmAbove 0.03 would be passed This run has spent 0.00, 2 edits in flight cost about 0.025 together, and what another edit costs is"
            + " about 0.0125. 4 images are left at most, for about 0.05. Go on, without being asked again?",
            Assert.Single(Host.Questions));
    }

    [Fact]
    public async Task After_a_No_nothing_more_is_submitted_and_the_same_command_goes_on()
    {
        MakeImages(6);
        Host.AnswerWith = "No";

        ScriptRun script = await RunAsync(Edit);

        Assert.Single(Host.Questions);
        Assert.Equal(2, Results.Length);
        ExpectRun(new { Total = 6, Received = 2, NotSubmitted = 4, Cost = 2 * Price, StoppedBy = "ConfirmAbove", ExitCode = 8 });
        string error = script.SingleError(EditError.ConfirmAboveReached).ToString();
        Assert.StartsWith("-ConfirmAbove 0.03 would be passed, and the answer was No: this run has spent 0.0", error, StringComparison.Ordinal);
        Assert.EndsWith(
            "4 images were not submitted and cost nothing. Run the same command again to go on, with a higher -ConfirmAbove, or with -Confirm:$false,"
            + " which never asks; what is done is not done again.",
            error,
            StringComparison.Ordinal);

        (await RunAsync($"{Edit} -Confirm:$false")).WithoutErrors();
        Assert.Single(Host.Questions);
        ExpectRun(new { Skipped = 2, Received = 4, ExitCode = 0 });
        Assert.Equal(6, Emulator.Ledger.Jobs.Count);
    }

    [Fact]
    public async Task Where_nobody_can_be_asked_the_error_says_what_to_do_and_nothing_is_lost()
    {
        MakeImages(4);
        Host.BeforeAnswer = () => throw new PSInvalidOperationException("PowerShell is in NonInteractive mode.");

        ScriptRun script = await RunAsync(Edit);

        ErrorRecord error = script.SingleError(EditError.ConfirmAboveReached);
        Assert.Contains("nobody can be asked here", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("another edit costs is about 0.0125", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("-Confirm:$false", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.LimitsExceeded, error.CategoryInfo.Category);
        Assert.IsType<PSInvalidOperationException>(error.Exception.GetBaseException());
        Assert.Equal(2, Emulator.Ledger.Jobs.Count);
        ExpectRun(new { Received = 2, NotSubmitted = 2, StoppedBy = "ConfirmAbove", ExitCode = 8 });
    }

    [Fact]
    public async Task Zero_asks_before_anything_is_sent_and_not_for_what_is_done()
    {
        MakeImages(2);
        Host.AnswerWith = "No";
        await RunAsync(Edit.Replace("0.03", "0", StringComparison.Ordinal));
        Assert.Contains(
            "This run has spent 0.00, and what another edit costs is not known yet. 2 images are left at most. Go on",
            Assert.Single(Host.Questions),
            StringComparison.Ordinal);
        AssertNothingWasSent();

        (await RunAsync(Edit)).WithoutErrors();
        (await RunAsync(Edit.Replace("0.03", "0", StringComparison.Ordinal))).WithoutErrors();
        Assert.Single(Host.Questions);
    }

    [Fact]
    public async Task Images_from_the_pipeline_are_counted_as_far_as_they_have_come()
    {
        MakeImages(3);
        Host.AnswerWith = "No";

        await RunAsync("'01.png', '02.png', '03.png' | Invoke-QwenImageEdit -Prompt Blue -ConfirmAbove 0 -ThrottleLimit 2");

        Assert.Contains("2 images are waiting, and more may come down the pipeline.", Assert.Single(Host.Questions), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_default_of_the_session_asks_whoever_spends()
    {
        MakeImages(3);
        Host.Run("$PSDefaultParameterValues['*-QwenImageEdit:ConfirmAbove'] = 0.03").WithoutErrors();
        Host.AnswerWith = "No";

        (await RunAsync("Submit-QwenImageEdit *.png -Prompt Blue -RunVariable run")).SingleError(EditError.ConfirmAboveReached, "SubmitQwenImageEdit");
        (await RunAsync("Resume-QwenImageEdit; Measure-QwenImageEdit *.png -Prompt Blue")).WithoutErrors();

        Assert.Single(Host.Questions);
        ExpectRun(new { Submitted = 2, NotSubmitted = 1, StoppedBy = "ConfirmAbove", ExitCode = 8 });
    }

    [Fact]
    public async Task MaxCost_holds_whatever_the_answer_is()
    {
        MakeImages(6);

        (await RunAsync($"{Edit} -MaxCost 0.055")).SingleError(EditError.MaxCostReached);

        Assert.Single(Host.Questions);
        ExpectRun(new { Received = 4, NotSubmitted = 2, StoppedBy = "MaxCost" });
    }

    [Fact]
    public async Task A_threshold_above_MaxCost_is_never_asked_about()
    {
        MakeImages(3);

        (await RunAsync($"{Edit} -MaxCost 0.025")).SingleError(EditError.MaxCostReached);

        Assert.Empty(Host.Questions);
    }

    [Fact]
    public async Task A_cost_that_nobody_names_is_asked_about()
    {
        MakeImages(3);

        (await RunAsync("Invoke-QwenImageEdit *.png -Prompt 'emulate:no-metrics' -ConfirmAbove 1 -RunVariable run")).WithoutErrors();

        Assert.Contains("This run has spent an amount that the service did not name, and", Assert.Single(Host.Questions), StringComparison.Ordinal);
        ExpectRun(new { Received = 3, ExitCode = 0 });
    }

    [Fact]
    public async Task A_call_that_is_stopped_at_the_question_leaves_what_it_has_paid_for_in_the_journal()
    {
        MakeImages(4);
        using RunningScript running = Host.Start(Edit);
        // What a host throws when Ctrl+C meets its question.
        Host.BeforeAnswer = () => throw new PipelineStoppedException();

        await running.Completion.WaitAsync(Patience);
        Host.BeforeAnswer = () => { };

        ExpectRun(new { StoppedBy = "Cancelled", ExitCode = 5 });
        (await RunAsync(Edit)).WithoutErrors();
        Assert.Equal(4, Emulator.Ledger.Jobs.Count);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("-0.01")]
    public async Task Less_than_nothing_is_refused(string threshold)
    {
        MakeImages(1);
        Assert.StartsWith(
            "ParameterArgumentValidationError",
            (await RunAsync($"Invoke-QwenImageEdit *.png -Prompt Blue -ConfirmAbove {threshold}")).TerminatingError!.FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }
}
