using QwenEdit.Emulator;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary><c>-MaxCost</c> is never passed, and used up as far as it goes.</summary>
public sealed class RunCostTests : RunTest
{
    [Fact]
    public async Task No_more_is_spent_than_allowed()
    {
        MakeImages(8);
        ScriptRun script = await RunAsync("Invoke-QwenImageEdit 0*.png -Prompt Blue -DestinationPath out/ -MaxCost 0.055 -RunVariable run");

        Assert.Equal(4, script.Output.Count);
        Assert.Equal(4 * Price, Emulator.Ledger.Billed);
        ExpectRun(new { Total = 8, Received = 4, NotSubmitted = 4, Cost = 4 * Price, StoppedBy = "MaxCost", ExitCode = 8 });
        Assert.Equal(
            "-MaxCost 0.055 is reached: this run has spent 0.05, and another edit costs about 0.0125. 4 images were not submitted and cost nothing."
            + " Run the same command again to go on, with a -MaxCost of its own; what is done is not done again.",
            script.SingleError(EditError.MaxCostReached).ToString());
    }

    [Fact]
    public async Task The_same_command_goes_on_where_it_was()
    {
        MakeImages(5);
        const string Command = "Invoke-QwenImageEdit 0*.png -Prompt Blue -DestinationPath out/ -MaxCost 0.0375 -RunVariable run;";
        (await RunAsync(Command)).SingleError(EditError.MaxCostReached);
        (await RunAsync(Command)).WithoutErrors();

        ExpectRun(new { Skipped = 3, Received = 2, NotSubmitted = 0, StoppedBy = "", ExitCode = 0 });
        Assert.Equal(5, Emulator.Ledger.Jobs.Count);
    }

    [Fact]
    public async Task Until_the_price_is_known_images_go_one_at_a_time()
    {
        MakeImages(4);
        (await RunAsync("Invoke-QwenImageEdit *.png -Prompt Blue -MaxCost 1")).WithoutErrors();

        IReadOnlyList<LedgerJob> jobs = Emulator.Ledger.Jobs;
        Assert.All(jobs.Skip(1), job => Assert.True(job.Accepted >= jobs[0].Finished));
    }

    [Fact]
    public async Task A_price_that_the_journal_knows_is_gone_by()
    {
        MakeImages(4);
        (await RunAsync("Invoke-QwenImageEdit 01.png -Prompt 'emulate:cost=0.5'")).WithoutErrors();
        await RunAsync("Invoke-QwenImageEdit 02.png, 03.png -Prompt Blue -MaxCost 0.4 -RunVariable run");

        ExpectRun(new { NotSubmitted = 2, Cost = 0m, StoppedBy = "MaxCost" });
        Assert.Single(Emulator.Ledger.Jobs);
    }

    [Fact]
    public async Task Jobs_that_fail_leave_their_share_to_others()
    {
        MakeImages(4);
        (await RunAsync("Invoke-QwenImageEdit 01.png -Prompt Blue")).WithoutErrors();
        ScriptRun script = await RunAsync("""
            [pscustomobject]@{ Path = '02.png'; Prompt = 'emulate:fail' }, [pscustomobject]@{ Path = '03.png'; Prompt = 'Blue' } |
                Invoke-QwenImageEdit -MaxCost 0.0125 -ThrottleLimit 1 -RunVariable run
            """);

        ExpectRun(new { Failed = 1, Received = 1, NotSubmitted = 0, StoppedBy = "", ExitCode = 1 });
        script.SingleError(EditError.JobFailed);
    }

    [Fact]
    public async Task What_has_no_known_cost_can_not_be_capped()
    {
        MakeImages(3);
        ScriptRun script = await RunAsync("Invoke-QwenImageEdit *.png -Prompt 'emulate:no-metrics' -MaxCost 1 -RunVariable run");

        ExpectRun(new { Received = 1, NotSubmitted = 2, StoppedBy = "MaxCost", ExitCode = 8 });
        Assert.Contains("its cost is not known", script.SingleError(EditError.MaxCostReached).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submitting_learns_the_price_from_the_first_job_and_counts_what_is_out()
    {
        MakeImages(6);
        ScriptRun script = await RunAsync("Submit-QwenImageEdit *.png -Prompt Blue -MaxCost 0.05 -RunVariable run");

        script.SingleError(EditError.MaxCostReached, "SubmitQwenImageEdit");
        ExpectRun(new { Submitted = 4, NotSubmitted = 2, ExitCode = 8 });
        Assert.Equal(1, script.Values("Status").Count(status => status?.ToString() == "Completed"));
        Assert.Equal(4, Emulator.Ledger.Jobs.Count);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    public async Task A_cap_of_nothing_is_refused(string cost)
    {
        MakeImages(1);
        Assert.NotNull((await RunAsync($"Invoke-QwenImageEdit *.png -Prompt Blue -MaxCost {cost}")).TerminatingError);
    }
}
