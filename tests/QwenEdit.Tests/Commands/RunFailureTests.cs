using QwenEdit.Engine;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary><c>-MaxFailure</c>.</summary>
public sealed class RunFailureTests : RunTest
{
    [Theory]
    [InlineData("2", 2, 6)]
    [InlineData("'2'", 2, 6)]
    public async Task So_many_failures_stop_submitting(string cap, int failed, int notSubmitted)
    {
        MakeImages(8);
        ScriptRun script = await RunAsync($"Invoke-QwenImageEdit *.png -Prompt 'emulate:fail' -MaxFailure {cap} -ThrottleLimit 1 -RunVariable run");

        ExpectRun(new { Total = 8, Failed = failed, NotSubmitted = notSubmitted, StoppedBy = "MaxFailure", ExitCode = 8 });
        Assert.Equal(failed, Emulator.Ledger.Jobs.Count);
        Assert.Equal(["JobFailed", "JobFailed", "MaxFailureReached"], script.ErrorNames());
        Assert.StartsWith(
            "-MaxFailure 2 is reached: 2 of 2 edits have failed. 6 images were not submitted and cost nothing.", script.Errors[2].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_share_is_judged_from_the_tenth_edit_on()
    {
        MakeImages(14);
        await RunAsync("Invoke-QwenImageEdit *.png -Prompt 'emulate:fail' -MaxFailure '50%' -ThrottleLimit 1 -RunVariable run");

        ExpectRun(new { Failed = 10, NotSubmitted = 4, StoppedBy = "MaxFailure", ExitCode = 8 });
    }

    [Fact]
    public async Task What_is_in_flight_is_still_received()
    {
        MakeImages(3);
        await RunAsync("""
            [pscustomobject]@{ Path = '01.png'; Prompt = 'emulate:seconds=1' }, [pscustomobject]@{ Path = '02.png'; Prompt = 'emulate:fail' },
            [pscustomobject]@{ Path = '03.png'; Prompt = 'Blue' } |
                Invoke-QwenImageEdit -MaxFailure 1 -ThrottleLimit 2 -RunVariable run
            """);

        ExpectRun(new { Received = 1, Failed = 1, NotSubmitted = 1, StoppedBy = "MaxFailure" });
    }

    [Fact]
    public async Task A_cap_that_kept_nothing_back_stopped_nothing()
    {
        MakeImages(2);
        ScriptRun script = await RunAsync("Invoke-QwenImageEdit *.png -Prompt 'emulate:fail' -MaxFailure 2 -RunVariable run");

        Assert.Equal(["JobFailed", "JobFailed"], script.ErrorNames());
        ExpectRun(new { Failed = 2, StoppedBy = "", ExitCode = 1 });
    }

    [Theory]
    [InlineData("5", 4, 4, false)]
    [InlineData("5", 5, 5, true)]
    [InlineData("5", 5, 5000, true)]
    [InlineData("10%", 9, 9, false)]
    [InlineData("10%", 1, 10, true)]
    [InlineData("10%", 9, 100, false)]
    [InlineData("10%", 10, 100, true)]
    [InlineData("100%", 99, 100, false)]
    public void The_cap_is_reached(string cap, int failed, int ended, bool reached) =>
        Assert.Equal(reached, FailureCap.Parse(cap).IsReached(failed, ended));

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("'0%'")]
    [InlineData("'101%'")]
    [InlineData("'ten'")]
    public async Task What_is_no_cap_is_refused(string cap)
    {
        MakeImages(1);
        Assert.StartsWith(
            "ParameterArgumentValidationError",
            (await RunAsync($"Invoke-QwenImageEdit *.png -Prompt Blue -MaxFailure {cap}")).TerminatingError!.FullyQualifiedErrorId,
            StringComparison.Ordinal);
    }
}
