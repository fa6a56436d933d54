using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary><c>Get-QwenEditRun</c>, and the edits of a run.</summary>
public sealed class RunListTests : RunTest
{
    [Fact]
    public async Task The_newest_come_last()
    {
        await TwoRunsAsync();

        Assert.Equal(["Submit-QwenImageEdit", "Resume-QwenImageEdit"], Host.Run("Get-QwenEditRun").WithoutErrors().Values("Command"));
        Assert.Equal(["Resume-QwenImageEdit"], Host.Run("Get-QwenEditRun -Last 1").WithoutErrors().Values("Command"));
    }

    [Fact]
    public async Task The_journal_keeps_all_that_a_run_said()
    {
        await TwoRunsAsync();
        ScriptRun script = Host.Run("""
            $kept = Get-QwenEditRun $run.RunId
            $run.PSObject.Properties | Where-Object { $kept.($_.Name) -ne $_.Value } |
                Where-Object { $_.Name -notin 'StartedAt', 'EndedAt', 'Duration' -or [Math]::Abs(($kept.($_.Name) - $_.Value).TotalSeconds) -gt 1 } |
                ForEach-Object Name
            """);

        Assert.Empty(script.WithoutErrors().Output);
    }

    [Fact]
    public async Task A_run_leads_to_its_edits()
    {
        await TwoRunsAsync();

        Assert.Equal(2, Host.Run("Get-QwenEditRun -Last 1 | Get-QwenEditJob").WithoutErrors().Output.Count);
        // The second took them over.
        Assert.Empty(Host.Run("Get-QwenEditJob -RunId 1").WithoutErrors().Output);
        Assert.Equal([2L, 2L], Host.Run("Get-QwenEditJob").WithoutErrors().Values("RunId"));
    }

    [Fact]
    public async Task A_run_whose_process_was_killed_has_no_end_and_says_what_became_of_its_edits()
    {
        await TwoRunsAsync();
        ChangeJournal("UPDATE run SET ended = NULL, exit_code = NULL, received = NULL, resumed = NULL, total = NULL, cost = NULL WHERE id = 2");
        Host.Run("$run = Get-QwenEditRun -RunId 2").WithoutErrors();

        ExpectRun(new { Status = "Interrupted", EndedAt = "", Duration = "", Total = 2, Received = 2, Cost = 2 * Price, ExitCode = 5 });
    }

    [Fact]
    public async Task A_run_that_works_is_seen_by_others()
    {
        MakeImages(1);
        using RunningScript script = Host.Start("Invoke-QwenImageEdit *.png -Prompt 'emulate:seconds=600'");
        await Emulator.Ledger.WaitForAsync(request => request.Status == 200).WaitAsync(Patience);
        using PowerShellHost other = OpenSession();

        ScriptRun seen = other.Set("journal", Journal).Run("Get-QwenEditRun -JournalPath $journal").WithoutErrors();
        await script.StopAsync();

        Assert.Equal("Running", Assert.Single(seen.Values("Status"))?.ToString());
        Assert.Equal("Ended", Assert.Single(Host.Run("Get-QwenEditRun").Values("Status"))?.ToString());
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_an_error_of_its_own()
    {
        ScriptRun script = await RunAsync("Get-QwenEditRun -RunId 17");

        Assert.Equal(17L, script.SingleError(EditError.RunNotInJournal, "GetQwenEditRun").TargetObject);
        Assert.False(File.Exists(Journal));
    }

    [Fact]
    public async Task Without_a_journal_there_are_no_runs() => Assert.Empty((await RunAsync("Get-QwenEditRun -Last 5")).WithoutErrors().Output);

    [Theory]
    [InlineData(80, "RunId Command                Started      Duration   Done  Total      Cost Exit")]
    [InlineData(120, "RunId Command                Started      Duration   Done  Total      Cost Exit Stopped by")]
    public async Task A_table_of_runs_fits(int width, string head)
    {
        await TwoRunsAsync();
        string[] lines = Host.Render(Host.Run("Get-QwenEditRun").Output, width).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        Assert.Equal(head, lines[0]);
        Assert.Matches(@"^2 Resume-QwenImageEdit   \d\d-\d\d \d\d:\d\d +0:\d\d:\d\d      2      2 +0\.025    0", lines[3]);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, width));
    }

    private async Task TwoRunsAsync()
    {
        MakeImages(2);
        (await RunAsync("$null = Submit-QwenImageEdit *.png -Prompt Blue; $null = Resume-QwenImageEdit -RunVariable run")).WithoutErrors();
    }
}
