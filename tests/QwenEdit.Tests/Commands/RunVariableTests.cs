using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary><c>-RunVariable</c> is set on every way out.</summary>
public sealed class RunVariableTests : RunTest
{
    [Fact]
    public async Task A_run_says_what_it_did()
    {
        MakeImages(3);
        (await RunAsync("Invoke-QwenImageEdit *.png -Prompt Blue -RunVariable run")).WithoutErrors();

        ExpectRun(new { Status = "Ended", Command = "Invoke-QwenImageEdit", Total = 3, Received = 3, Failed = 0, Cost = 3 * Price, ExitCode = 0 });
        Assert.Equal(100 - (3 * Price), RunValue("RemainingCredits"));
        Assert.True((TimeSpan)RunValue("Duration") > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_run_that_finds_all_done_pays_nothing()
    {
        MakeImages(2);
        (await RunAsync("""
            Invoke-QwenImageEdit 0*.png -Prompt Blue -DestinationPath out/
            Invoke-QwenImageEdit 0*.png -Prompt Blue -DestinationPath out/ -RunVariable run
            """)).WithoutErrors();

        ExpectRun(new { Total = 2, Skipped = 2, Received = 0, Cost = 0m, ExitCode = 0 });
    }

    [Fact]
    public async Task Submitting_and_receiving_are_runs_of_which_the_second_learns_the_cost()
    {
        MakeImages(2);
        (await RunAsync("""
            Submit-QwenImageEdit *.png -Prompt Blue -RunVariable submitted | Receive-QwenEditResult -Wait -RunVariable run
            """)).WithoutErrors();

        ExpectRun(new { Command = "Receive-QwenEditResult", Total = 2, Received = 2, Cost = 2 * Price, ExitCode = 0 });
        ExpectRun(new { Command = "Submit-QwenImageEdit", Total = 2, Submitted = 2, Cost = 0m, ExitCode = 0 }, "submitted");
    }

    [Fact]
    public async Task Resuming_is_a_run()
    {
        MakeImages(2);
        (await RunAsync("$null = Submit-QwenImageEdit *.png -Prompt Blue; Resume-QwenImageEdit -RunVariable run")).WithoutErrors();

        ExpectRun(new { Command = "Resume-QwenImageEdit", Total = 2, Resumed = 2, Cost = 2 * Price, ExitCode = 0 });
    }

    [Fact]
    public async Task Inputs_that_are_no_images_count_too()
    {
        MakeImages(1);
        Folder.Text("no.png", "no image");
        await RunAsync("Invoke-QwenImageEdit 01.png, no.png, gone.png -Prompt Blue -RunVariable run");

        ExpectRun(new { Total = 3, Received = 1, InvalidInput = 2, ExitCode = 1 });
    }

    [Fact]
    public async Task It_is_set_while_the_pipeline_ends()
    {
        MakeImages(1);
        ScriptRun script = await RunAsync("Invoke-QwenImageEdit *.png -Prompt Blue -RunVariable run | ForEach-Object { } -End { $run.Status }");

        Assert.Equal("Ended", Assert.Single(script.Output).ToString());
    }

    [Fact]
    public async Task It_is_the_callers_variable()
    {
        MakeImages(1);
        ScriptRun script = await RunAsync("""
            $run = 'outer'
            & { $null = Invoke-QwenImageEdit *.png -Prompt Blue -RunVariable run; "$($run.Total)" }
            $run
            """);

        Assert.Equal(["1", "outer"], script.Output.Select(item => item.ToString()));
    }

    [Fact]
    public async Task Nothing_is_a_run_too()
    {
        (await RunAsync("@() | Invoke-QwenImageEdit -Prompt Blue -RunVariable run")).WithoutErrors();
        ExpectRun(new { RunId = 0L, Status = "Ended", Total = 0, ExitCode = 0 });
    }

    [Theory]
    [InlineData("$PSDefaultParameterValues.Remove('*-Qwen*:ApiKey'); Invoke-QwenImageEdit *.png -Prompt Blue -RunVariable run", "Authorization", 7)]
    [InlineData("Invoke-QwenImageEdit *.png -Prompt Blue -JournalPath $folder -RunVariable run", "Disk", 12)]
    [InlineData("Invoke-QwenImageEdit *.png -Prompt Blue -Endpoint nowhere -RunVariable run", "", 1)]
    public async Task What_ends_the_call_at_once_leaves_a_run(string script, string stoppedBy, int exitCode)
    {
        MakeImages(1);
        Assert.NotNull((await RunAsync(script)).TerminatingError);

        ExpectRun(new { Status = "Ended", StoppedBy = stoppedBy, ExitCode = exitCode });
        AssertNothingWasSent();
    }

    [Theory]
    [InlineData("Invoke-QwenImageEdit *.png -Prompt Blue -ThrottleLimit 1 -RunVariable run | Select-Object -First 1")]
    [InlineData("Invoke-QwenImageEdit *.png -Prompt Blue -ThrottleLimit 1 -RunVariable run | ForEach-Object { throw 'enough' }")]
    [InlineData("Invoke-QwenImageEdit 01.png, gone.png, 02.png -Prompt Blue -ErrorAction Stop -RunVariable run")]
    [InlineData("'01.png', '02.png' | ForEach-Object { if ($_ -like '02*') { throw 'enough' }; $_ } | Invoke-QwenImageEdit -Prompt Blue -RunVariable run")]
    public async Task A_pipeline_that_is_left_leaves_a_run(string script)
    {
        MakeImages(4);
        await RunAsync(script);

        ExpectRun(new { Status = "Ended", StoppedBy = "Cancelled", ExitCode = 5 });
    }

    [Fact]
    public async Task A_stop_leaves_a_run()
    {
        MakeImages(2);
        using RunningScript script = Host.Start("Invoke-QwenImageEdit *.png -Prompt 'emulate:seconds=600' -RunVariable run");
        await Emulator.Ledger.WaitForAsync(request => request.Status == 200).WaitAsync(Patience);

        Assert.True((await script.StopAsync()).Stopped);

        ExpectRun(new { Status = "Ended", Total = 2, Received = 0, StoppedBy = "Cancelled", ExitCode = 5 });
    }

    [Fact]
    public async Task What_is_asked_about_only_is_done_by_a_run_without_a_number()
    {
        MakeImages(1);
        (await RunAsync("$run = 'earlier'; Invoke-QwenImageEdit *.png -Prompt Blue -WhatIf -RunVariable run")).WithoutErrors();

        ExpectRun(new { RunId = 0L, Status = "Ended", Total = 0, ExitCode = 0 });
    }

    // Killed now, the script would have this one.
    [Fact]
    public async Task While_the_call_works_its_own_run_is_there_and_no_earlier_one()
    {
        MakeImages(1);
        (await RunAsync("""
            $run = 'earlier'
            '01.png' | ForEach-Object { $script:seen = $run; $_ } | Invoke-QwenImageEdit -Prompt Blue -RunVariable run
            """)).WithoutErrors();

        ExpectRun(new { Status = "Running", ExitCode = 5 }, "seen");
    }

    [Fact]
    public async Task Asking_for_a_status_is_no_run()
    {
        MakeImages(1);
        (await RunAsync("Submit-QwenImageEdit *.png -Prompt Blue | Get-QwenEditStatus -Wait")).WithoutErrors();

        Assert.Equal("Submit-QwenImageEdit", Assert.Single(Host.Run("Get-QwenEditRun").WithoutErrors().Values("Command")));
    }

    [Theory]
    [InlineData("'+run'")]
    [InlineData("'$run'")]
    [InlineData("''")]
    public async Task A_name_that_is_none_is_refused(string name) =>
        Assert.StartsWith(
            "ParameterArgumentValidationError",
            (await RunAsync($"Invoke-QwenImageEdit 01.png -Prompt Blue -RunVariable {name}")).TerminatingError!.FullyQualifiedErrorId,
            StringComparison.Ordinal);
}
