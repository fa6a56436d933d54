using QwenEdit.Journal;
using QwenEdit.Tests.Commands.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>What <c>Get-QwenEditRun</c> makes of a journal that a killed process left.</summary>
public sealed class RunListTests : RunTest
{
    [Fact]
    public async Task A_run_whose_process_was_killed_has_no_end_and_says_what_became_of_its_edits()
    {
        MakeImages(2);
        (await RunAsync("$null = Submit-QwenImageEdit *.png -Prompt Blue; $null = Resume-QwenImageEdit")).WithoutErrors();
        ChangeJournal("UPDATE run SET ended = NULL, exit_code = NULL, received = NULL, resumed = NULL, total = NULL, cost = NULL WHERE id = 2");
        Host.Run("$run = Get-QwenEditRun -RunId 2").WithoutErrors();

        ExpectRun(new { Status = "Interrupted", EndedAt = "", Duration = "", Total = 2, Received = 2, Cost = 2 * Price, ExitCode = 5 });
    }
}
