using System.Text.RegularExpressions;
using QwenEdit.Tests.Crash.Support;

namespace QwenEdit.Tests.Crash;

/// <summary>Several processes run the same command over the same images, with one journal.</summary>
[Collection(ProcessTests.Name)]
public sealed partial class SeveralProcessesTests
{
    [Fact]
    public async Task Each_image_is_billed_once_and_the_losers_name_the_winner()
    {
        (int processes, int images) = LongTests.Choose(whole: (10, 200), otherwise: (4, 60));
        await using CrashFixture fixture = await CrashFixture.StartAsync(images, latency: 0.3);
        EditProcess[] started = [.. Enumerable.Range(0, processes).Select(_ => fixture.Start())];

        EndedProcess[] ended = await Task.WhenAll(started.Select(process => process.EndedAsync()));

        Assert.Equal(0, fixture.LedgerCheck.FindsNothingLost());
        Assert.Equal(images, fixture.Service.Ledger.Jobs.Count);
        Assert.Equal(images, ended.Sum(process => process.Count(EditOutcome.Received)));
        Assert.All(ended, process => Assert.Equal(images, process.Output.Count - 1));
        string[] refusals = [.. ended.SelectMany(process => process.Errors)];
        Assert.Equal(refusals.Length, ended.Sum(process => process.Count(EditOutcome.Busy)));
        Assert.NotEmpty(refusals);
        HashSet<string> ids = [.. started.Select(process => $"{process.Id}")];
        Assert.All(refusals, refusal =>
        {
            Assert.StartsWith("EditBusy,", refusal, StringComparison.Ordinal);
            Assert.Contains(Owner().Match(refusal).Groups[1].Value, ids);
        });
    }

    [Fact]
    public async Task What_a_killed_process_had_is_taken_at_once_while_others_work()
    {
        await using CrashFixture fixture = await CrashFixture.StartAsync(images: 40, latency: 0.3);
        using EditProcess killed = fixture.Start();
        using EditProcess other = fixture.Start();
        await killed.WhenWrittenAsync(EditOutcome.Received.ToString());
        await killed.KillAsync();
        await other.EndedAsync();

        EndedProcess last = await fixture.RunAsync();

        Assert.Equal(last.Count(EditOutcome.Unknown), fixture.LedgerCheck.FindsNothingLost());
        Assert.Equal(0, last.Count(EditOutcome.Busy));
    }

    // A hashtable has another order in each process.
    [Fact]
    public async Task The_order_of_a_hashtable_makes_no_other_edit()
    {
        await using CrashFixture fixture = await CrashFixture.StartAsync(images: 1);
        fixture.Parameters += " -AdditionalParameter @{ alpha = 1; beta = 2; gamma = 3; delta = 4; nested = @{ one = 1; two = '2'; three = 3 } }";

        EndedProcess[] ended = [await fixture.RunAsync(), await fixture.RunAsync(), await fixture.RunAsync(), await fixture.RunAsync()];

        Assert.Single(fixture.Service.Ledger.Jobs);
        Assert.Equal((1, 3), (ended.Sum(process => process.Count(EditOutcome.Received)), ended.Sum(process => process.Count(EditOutcome.Skipped))));
    }

    [Fact]
    public async Task Where_files_are_not_locked_the_journal_is_refused_and_nothing_is_sent()
    {
        await using CrashFixture fixture = await CrashFixture.StartAsync(images: 1);
        using EditProcess process = fixture.Start(("DOTNET_SYSTEM_IO_DISABLEFILELOCKING", "1"));

        EndedProcess ended = await process.EndedAsync();

        string errors = string.Join('\n', ended.Errors);
        Assert.Contains("JournalUnavailable,", errors, StringComparison.Ordinal);
        Assert.Contains("DOTNET_SYSTEM_IO_DISABLEFILELOCKING", errors, StringComparison.Ordinal);
        Assert.Empty(fixture.Service.Ledger.Requests);
    }

    [GeneratedRegex(@"process (\d+) on")]
    private static partial Regex Owner();
}
