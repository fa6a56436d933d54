using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>What Tab offers. The journal is asked, and the network is not.</summary>
[Collection(nameof(Alone))]
public sealed class CompletionTests : RunTest
{
    [Fact]
    public async Task Request_ids_come_from_the_journal_the_newest_first()
    {
        await SubmitAsync(3);
        string[] ids = [.. Emulator.Ledger.Jobs.Select(job => job.RequestId).Reverse()];

        foreach (string command in (string[])["Receive-QwenEditResult", "Get-QwenEditStatus"])
        {
            Assert.Equal(ids, Complete($"{command} -JournalPath '{Journal}' -RequestId "));
            Assert.Equal([ids[1]], Complete($"{command} -JournalPath '{Journal}' -RequestId {ids[1][..12]}"));
        }
    }

    [Fact]
    public async Task A_tip_says_what_an_id_stands_for()
    {
        await SubmitAsync(1);

        string tip = Assert.Single(Complete($"Receive-QwenEditResult -JournalPath '{Journal}' -RequestId ", "ToolTip"));
        Assert.StartsWith($"Queued, {Folder["01.png"]}, ", tip, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_of_edits_and_runs_come_from_the_journal()
    {
        await SubmitAsync(12);

        Assert.Equal(["12", "11", "10", "1"], Complete($"Remove-QwenEditJob -JournalPath '{Journal}' -EditId 1"));
        Assert.Equal(Enumerable.Range(1, 12).Reverse().Select(number => $"{number}"), Complete($"Get-QwenEditRun -JournalPath '{Journal}' -RunId "));
        Assert.Equal(["2"], Complete($"Get-QwenEditJob -JournalPath '{Journal}' -RunId 2"));
    }

    [Fact]
    public async Task Models_are_those_that_were_used_and_the_one_that_is_there_anyway()
    {
        Assert.Equal(["qwen-image-edit-fast"], Complete($"Invoke-QwenImageEdit -JournalPath '{Journal}' -Model "));
        MakeImages(1);
        await RunAsync("Invoke-QwenImageEdit *.png Blue -Model another-model");

        Assert.Equal(["qwen-image-edit-fast", "another-model"], Complete($"Invoke-QwenImageEdit -JournalPath '{Journal}' -Model "));
        Assert.Equal(["another-model"], Complete($"Submit-QwenImageEdit -JournalPath '{Journal}' -Model AN"));
    }

    [Fact]
    public void Image_formats_are_those_of_the_service() =>
        Assert.Equal(["Jpeg", "Png", "Webp"], Complete("Invoke-QwenImageEdit -ImageFormat ").Order());

    [Fact]
    public void A_journal_that_is_not_there_is_not_made_by_a_Tab()
    {
        Assert.DoesNotContain(Complete($"Receive-QwenEditResult -JournalPath '{Journal}' -RequestId "), text => text.Contains('-', StringComparison.Ordinal));
        Assert.False(File.Exists(Journal));
    }

    [Theory]
    [InlineData("Receive-QwenEditResult -RequestId ")]
    [InlineData("Remove-QwenEditJob -EditId ")]
    [InlineData("Get-QwenEditRun -RunId ")]
    [InlineData("Invoke-QwenImageEdit -Model ")]
    public void A_journal_that_is_damaged_is_no_error_of_a_Tab(string line)
    {
        File.WriteAllText(Journal, new string('x', 2000));

        Complete(line.Replace(" -", $" -JournalPath '{Journal}' -", StringComparison.Ordinal));
        Assert.Equal(new string('x', 2000), File.ReadAllText(Journal));
    }

    [Fact]
    public async Task The_environment_names_the_journal_where_the_line_does_not()
    {
        await SubmitAsync(1);
        string? before = Environment.GetEnvironmentVariable("QWENEDIT_JOURNAL");
        Environment.SetEnvironmentVariable("QWENEDIT_JOURNAL", Journal);
        try
        {
            Assert.Equal([Emulator.Ledger.Jobs[0].RequestId], Complete("Receive-QwenEditResult "));
        }
        finally
        {
            Environment.SetEnvironmentVariable("QWENEDIT_JOURNAL", before);
        }
    }

    [Fact]
    public async Task A_relative_journal_is_looked_for_where_the_session_is()
    {
        await SubmitAsync(1);
        File.Copy(Journal, Folder["here.db"]);

        Assert.Equal(["1"], Complete("Get-QwenEditRun -JournalPath ./here.db -RunId "));
    }

    /// <summary>By what PowerShell itself binds: the last column.</summary>
    [Theory]
    [InlineData("@{ 'Receive-QwenEditResult:JournalPath' = $journal }", true)]
    [InlineData("@{ '*-QwenEdit*:JournalPath' = $journal }", true)]
    [InlineData("@{ 'receive-qweneditresult : journalPath' = $journal }", true)]
    [InlineData("@{ '*:Journal*' = $journal }", true)]
    [InlineData("@{ '*-QwenEdit*:JournalPath' = { $journal } }", true)]
    [InlineData("@{ '*-QwenEdit*:JournalPath' = $journal; '*:JournalPath' = $journal; 'Get-*:JournalPath' = 'other.db' }", true)]
    [InlineData("@{ '*-QwenEdit*:JournalPath' = $journal; '*:JournalPath' = './other.db' }", false)]
    [InlineData("@{ '*:JournalPath' = $journal; Disabled = $true }", false)]
    [InlineData("@{ '*:*Path' = $journal }", false)]
    [InlineData("@{ 'Get-*:JournalPath' = $journal }", false)]
    [InlineData("@{ 'Receive-QwenEditResult:Journal' = $journal }", false)]
    public async Task A_journal_that_is_a_default_of_the_session_is_asked(string defaults, bool isFound)
    {
        await SubmitAsync(1);
        string own = Folder["own.db"];
        string? before = Environment.GetEnvironmentVariable("QWENEDIT_JOURNAL");
        Environment.SetEnvironmentVariable("QWENEDIT_JOURNAL", own);
        try
        {
            Host.Run($"$PSDefaultParameterValues = {defaults}").WithoutErrors();
            string[] found = isFound ? [Emulator.Ledger.Jobs[0].RequestId] : [];
            Assert.Equal(found, Complete("Receive-QwenEditResult -RequestId ").Where(text => text.Contains('-', StringComparison.Ordinal)));
            // The binder reads the same.
            await RunAsync("Receive-QwenEditResult 11111111-2222-3333-4444-555555555555 -Endpoint http://127.0.0.1:1 -ApiKey $key -MaximumRetryCount 0 -WarningAction SilentlyContinue");
            Assert.Equal(!isFound, File.Exists(own));
        }
        finally
        {
            Environment.SetEnvironmentVariable("QWENEDIT_JOURNAL", before);
        }
    }

    [Fact]
    public async Task The_journal_of_the_line_goes_before_that_of_the_session()
    {
        await SubmitAsync(1);
        Host.Run("$PSDefaultParameterValues = @{ '*:JournalPath' = './other.db' }").WithoutErrors();

        Assert.Equal(["1"], Complete($"Get-QwenEditRun -JournalPath '{Journal}' -RunId "));
    }

    [Fact]
    public void Secrets_are_offered_by_their_names()
    {
        Host.Run("""
            function global:Get-SecretInfo {
                [CmdletBinding()] param([string] $Name)
                'Segmind', 'Segmind of Ann', 'Other' | Where-Object { $_ -like $Name } | ForEach-Object { [pscustomobject]@{ Name = $_; VaultName = 'Mine' } }
            }
            """).WithoutErrors();

        Assert.Equal(["Segmind", "'Segmind of Ann'"], Complete("Invoke-QwenImageEdit -ApiKeySecret Seg"));
    }

    [Fact]
    public void Without_the_module_for_secrets_none_are_offered() => Assert.DoesNotContain(
        Complete("Get-QwenEditCredit -ApiKeySecret "), text => text.Contains("Seg", StringComparison.Ordinal));

    // Tab itself takes more of PowerShell than its engine alone has: tests/Pester tries it.
    [Theory]
    [InlineData("Invoke-QwenImageEdit", "RemainingCredits")]
    [InlineData("Submit-QwenImageEdit", "ExpiresAt")]
    [InlineData("Receive-QwenEditResult", "OutputUrl")]
    [InlineData("Resume-QwenImageEdit", "OutputUrl")]
    [InlineData("Get-QwenEditStatus", "CheckedAt")]
    [InlineData("Get-QwenEditJob", "ExpiresAt")]
    [InlineData("Get-QwenEditRun", "ExitCode")]
    [InlineData("Get-QwenEditCredit", "FreeCredits")]
    [InlineData("Measure-QwenImageEdit", "ExpectedCost")]
    public void Properties_are_known_down_the_pipeline(string command, string property) => Assert.Contains(
        property, Host.Run($"(Get-Command {command}).OutputType.Type.GetProperties().Name").WithoutErrors().Output.Select(item => $"{item}"));

    private async Task SubmitAsync(int count)
    {
        MakeImages(count);
        for (int number = 1; number <= count; number++)
        {
            (await RunAsync($"$null = Submit-QwenImageEdit {number:00}.png 'emulate:queued'")).WithoutErrors();
        }
    }

    private IReadOnlyList<string> Complete(string line, string property = "CompletionText") =>
        [.. Host.Set("line", line)
            .Run($"[System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches | ForEach-Object {{ $_.{property} }}")
            .WithoutErrors().Output.Select(item => $"{item}")];
}
