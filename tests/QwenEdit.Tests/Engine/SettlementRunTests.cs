using QwenEdit.Emulator;
using QwenEdit.Engine;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Engine;

/// <summary>Settling through sockets: a run, what it loses, and the run after it. The emulator's books are the judge.</summary>
public sealed class SettlementRunTests
{
    [Theory]
    [InlineData(HistoryBody.Whole, 7)]
    [InlineData(HistoryBody.Whole, -1)]
    [InlineData(HistoryBody.Cut, -1)]
    [InlineData(HistoryBody.Omitted, -1)]
    public async Task A_job_whose_answer_was_lost_is_found_and_not_billed_twice(HistoryBody keep, long seed)
    {
        await using SettlementBench bench = await SettlementBench.StartAsync(new EmulatorOptions { HistoryBody = keep });
        await bench.LoseAsync(1, FaultKind.ResetAfterAccepting, seed);

        EndedEdit edit = await bench.RunAsync(1, seed);

        Assert.Equal((EditOutcome.Resumed, 0.0125m), (edit.Result!.Status, edit.Result.Cost));
        AssertBilledOnce(bench, 1, edit);
    }

    [Fact]
    public async Task It_is_found_by_Submit_and_by_Resume_too()
    {
        await using SettlementBench bench = await SettlementBench.StartAsync();
        await bench.LoseAsync(1, FaultKind.ResetAfterAccepting);
        await bench.LoseAsync(2, FaultKind.ResetAfterAccepting);

        using EditSession session = bench.Open();
        EditJob submitted = await session.SubmitAsync(bench.Prepare(1), CancellationToken.None);
        List<EndedEdit> resumed = [];
        foreach (EditJob job in session.Unfinished())
        {
            resumed.Add(await session.ResumeAsync(job, overwrite: false, CancellationToken.None));
        }

        Assert.Equal(bench.Emulator.Ledger.Jobs.Select(job => job.RequestId), resumed.Select(edit => edit.Result!.RequestId));
        Assert.Equal(bench.Emulator.Ledger.Jobs[0].RequestId, submitted.RequestId);
        Assert.All(resumed, edit => Assert.Equal(EditOutcome.Resumed, edit.Result!.Status));
        Assert.Equal(2, bench.Count(ApiRoute.Submit));
        // One listing: a page, and the next one, which is empty.
        Assert.Equal(2, bench.Count(ApiRoute.History));
    }

    [Fact]
    public async Task It_is_found_though_its_record_has_expired()
    {
        await using SettlementBench bench = await SettlementBench.StartAsync();
        await bench.LoseAsync(1, FaultKind.ResetAfterAccepting);
        bench.Clock.Advance(TimeSpan.FromDays(2));

        EndedEdit edit = await bench.RunAsync(1);

        Assert.Equal((EditOutcome.Resumed, 0.0125m), (edit.Result!.Status, edit.Result.Cost));
        AssertBilledOnce(bench, 1, edit);
    }

    [Fact]
    public async Task It_is_found_before_it_would_be_submitted_again()
    {
        await using SettlementBench bench = await SettlementBench.StartAsync();
        await bench.LoseAsync(1, FaultKind.ResetAfterAccepting);

        EndedEdit edit = await bench.RunAsync(1, resubmit: Resubmit.Unknown);

        Assert.Equal(EditOutcome.Resumed, edit.Result!.Status);
        AssertBilledOnce(bench, 1, edit);
    }

    [Fact]
    public async Task It_is_found_after_a_call_that_was_stopped_while_it_was_sent()
    {
        await using SettlementBench bench = await SettlementBench.StartAsync();
        bench.Emulator.Faults.Add(new Fault { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Submit, Next = 1, Delay = TimeSpan.FromHours(1) });
        using (EditSession session = bench.Open())
        using (CancellationTokenSource stop = new())
        {
            Task<EndedEdit> edit = session.EditAsync(bench.Prepare(1), stop.Token);
            await bench.Emulator.Ledger.WaitForAsync(request => request.Fault is not null);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => edit);
        }

        AssertBilledOnce(bench, 1, await bench.RunAsync(1));
    }

    [Fact]
    public async Task An_expired_job_is_received_from_the_URL_of_the_history()
    {
        await using SettlementBench bench = await SettlementBench.StartAsync();
        using (EditSession session = bench.Open())
        {
            await session.SubmitAsync(bench.Prepare(1), CancellationToken.None);
        }

        bench.Clock.Advance(TimeSpan.FromDays(6));
        EndedEdit edit = await bench.RunAsync(1);

        Assert.Equal((EditOutcome.Resumed, 0.0125m), (edit.Result!.Status, edit.Result.Cost));
        AssertBilledOnce(bench, 1, edit);
        Assert.EndsWith("/" + edit.Result.RequestId, Assert.Single(bench.Emulator.Ledger.RequestsOn(ApiRoute.History)).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_job_is_found_by_a_run_that_has_a_history_after_one_that_had_none()
    {
        await using SettlementBench bench = await SettlementBench.StartAsync();
        using (EditSession session = bench.Open())
        {
            await session.SubmitAsync(bench.Prepare(1), CancellationToken.None);
        }

        bench.Clock.Advance(TimeSpan.FromDays(1));
        bench.History = null;
        Assert.Equal(EditOutcome.Expired, (await bench.RunAsync(1)).Result!.Status);
        bench.History = bench.Emulator.HistoryEndpoint;

        AssertBilledOnce(bench, 1, await bench.RunAsync(1));
    }

    [Fact]
    public async Task An_output_that_has_expired_too_is_reported()
    {
        await using SettlementBench bench = await SettlementBench.StartAsync();
        using (EditSession session = bench.Open())
        {
            await session.SubmitAsync(bench.Prepare(1), CancellationToken.None);
        }

        bench.Clock.Advance(TimeSpan.FromDays(8));

        Assert.Equal(EditOutcome.Expired, (await bench.RunAsync(1)).Result!.Status);
        Assert.Equal(1, bench.Count(ApiRoute.Submit));
    }

    [Fact]
    public async Task With_a_late_history_it_stays_unknown_until_it_shows()
    {
        await using SettlementBench bench = await SettlementBench.StartAsync(new EmulatorOptions { HistoryDelay = TimeSpan.FromMinutes(9) });
        await bench.LoseAsync(1, FaultKind.ResetAfterAccepting);

        EndedEdit early = await bench.RunAsync(1);
        Assert.Equal((EditOutcome.Unknown, EditError.OutcomeUnknown), (early.Result!.Status, early.Error!.Error));
        Assert.Contains("may come late", early.Error.Message, StringComparison.Ordinal);

        bench.Clock.Advance(TimeSpan.FromMinutes(9));
        AssertBilledOnce(bench, 1, await bench.RunAsync(1));
    }

    [Theory]
    [InlineData(HistoryBody.Cut)]
    [InlineData(HistoryBody.Omitted)]
    public async Task With_a_cut_history_it_stays_unknown_and_its_candidate_is_named(HistoryBody keep)
    {
        await using SettlementBench bench = await SettlementBench.StartAsync(new EmulatorOptions { HistoryBody = keep });
        await bench.LoseAsync(1, FaultKind.ResetAfterAccepting);
        bench.Clock.Advance(TimeSpan.FromHours(1));

        EndedEdit edit = await bench.RunAsync(1);

        Assert.Equal(EditOutcome.Unknown, edit.Result!.Status);
        string candidate = Assert.Single(bench.Emulator.Ledger.Jobs).RequestId;
        Assert.Contains(candidate, edit.Error!.Message, StringComparison.Ordinal);
        using JobBook book = new(bench.Folder.At("journal.db"), bench.Clock);
        Assert.Contains(candidate, Assert.Single(book.Select([EditState.Unknown], null)).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("off")]
    [InlineData("not reachable")]
    [InlineData("refused")]
    [InlineData("a page")]
    [InlineData("none")]
    public async Task Without_a_history_all_goes_on_as_ever_and_it_is_said_once(string why)
    {
        await using RawServer server = RawServer.Answering(why == "refused" ? RawAnswer.Error(401) : RawAnswer.Page(200));
        await using SettlementBench bench = await SettlementBench.StartAsync(new EmulatorOptions { History = why != "off" });
        bench.History = why switch
        {
            "not reachable" => new Uri("http://127.0.0.1:1/"),
            "refused" or "a page" => server.Url,
            "none" => null,
            _ => bench.History,
        };
        await bench.LoseAsync(1, FaultKind.ResetAfterAccepting);
        await bench.LoseAsync(2, FaultKind.ResetAfterReading);
        bench.Clock.Advance(TimeSpan.FromMinutes(30));

        using EditSession session = bench.Open();
        EndedEdit[] edits = [.. await Task.WhenAll(Enumerable.Range(1, 3).Select(number => session.EditAsync(bench.Prepare(number), CancellationToken.None)))];

        Assert.Equal([EditOutcome.Unknown, EditOutcome.Unknown, EditOutcome.Received], edits.Select(edit => edit.Result!.Status));
        Assert.Equal(3, bench.Count(ApiRoute.Submit));
        Assert.Equal(why == "none" ? 0 : 1, bench.Log.Warnings.Count(warning => warning.Contains("history", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_edit_that_made_no_job_is_submitted_again_after_the_settling_time()
    {
        await using SettlementBench bench = await SettlementBench.StartAsync();
        await bench.RunAsync(1);
        await bench.LoseAsync(2, FaultKind.ResetAfterReading);

        Assert.Equal(EditOutcome.Unknown, (await bench.RunAsync(2)).Result!.Status);
        Assert.Equal(2, bench.Count(ApiRoute.Submit));

        bench.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(EditOutcome.Received, (await bench.RunAsync(2)).Result!.Status);
        Assert.Equal((3, 2, 0.025m), (bench.Count(ApiRoute.Submit), bench.Emulator.Ledger.Jobs.Count, bench.Emulator.Ledger.Billed));
    }

    [Fact]
    public async Task Resuming_releases_it_but_submits_nothing()
    {
        await using SettlementBench bench = await SettlementBench.StartAsync();
        await bench.RunAsync(1);
        await bench.LoseAsync(2, FaultKind.ResetAfterReading);
        bench.Clock.Advance(TimeSpan.FromMinutes(11));

        using EditSession session = bench.Open();
        EndedEdit edit = await session.ResumeAsync(Assert.Single(session.Unfinished()), overwrite: false, CancellationToken.None);

        Assert.Equal((EditOutcome.Failed, EditError.NoJobMade), (edit.Result!.Status, edit.Error!.Error));
        Assert.Empty(session.Unfinished());
        Assert.Equal(2, bench.Count(ApiRoute.Submit));
    }

    [Fact]
    public async Task A_history_with_nothing_of_ours_around_that_time_releases_nothing()
    {
        await using SettlementBench bench = await SettlementBench.StartAsync();
        await bench.RunAsync(1);
        bench.Clock.Advance(TimeSpan.FromHours(2));
        await bench.LoseAsync(2, FaultKind.ResetAfterReading);
        bench.Clock.Advance(TimeSpan.FromHours(2));

        EndedEdit edit = await bench.RunAsync(2);

        Assert.Equal(EditOutcome.Unknown, edit.Result!.Status);
        Assert.Contains("proves nothing", edit.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(2, bench.Count(ApiRoute.Submit));
    }

    [Fact]
    public async Task Another_accounts_history_tells_nothing_and_is_not_asked()
    {
        await using SettlementBench bench = await SettlementBench.StartAsync();
        await bench.RunAsync(1);
        await bench.LoseAsync(2, FaultKind.ResetAfterAccepting);
        bench.Clock.Advance(TimeSpan.FromMinutes(30));
        bench.ApiKey = "SG_1111111111111111";

        EndedEdit edit = await bench.RunAsync(2);

        Assert.Equal(EditOutcome.Unknown, edit.Result!.Status);
        Assert.Contains("another API key", edit.Error!.Message, StringComparison.Ordinal);
        Assert.Equal((2, 0), (bench.Count(ApiRoute.Submit), bench.Count(ApiRoute.History)));
    }

    [Fact]
    public async Task A_job_that_failed_before_is_not_taken_for_the_next_try()
    {
        await using SettlementBench bench = await SettlementBench.StartAsync();
        await bench.RunAsync(1);
        EditRequest failing = bench.Prepare(2).Request with { Prompt = "emulate:fail" };
        using (EditSession session = bench.Open())
        {
            Assert.Equal(EditOutcome.Failed, (await session.EditAsync(PreparedEdit.Prepare(failing), CancellationToken.None)).Result!.Status);
            bench.Emulator.Faults.Add(new Fault { Kind = FaultKind.ResetAfterReading, Route = ApiRoute.Submit, Next = 1 });
            Assert.Equal(EditOutcome.Unknown, (await session.EditAsync(PreparedEdit.Prepare(failing), CancellationToken.None)).Result!.Status);
        }

        using EditSession next = bench.Open();
        EndedEdit edit = await next.EditAsync(PreparedEdit.Prepare(failing), CancellationToken.None);

        Assert.Equal(EditOutcome.Unknown, edit.Result!.Status);
        Assert.DoesNotContain(bench.Emulator.Ledger.Jobs[1].RequestId, edit.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_journal_has_no_key_in_it()
    {
        await using SettlementBench bench = await SettlementBench.StartAsync();
        await bench.LoseAsync(1, FaultKind.ResetAfterAccepting);

        string journal = string.Concat(Directory.EnumerateFiles(bench.Folder.Path, "journal.db*").Select(path => File.ReadAllText(path, System.Text.Encoding.Latin1)));

        Assert.Contains("Make it blue", journal, StringComparison.Ordinal);
        Assert.DoesNotContain(TestClient.ApiKey, journal, StringComparison.Ordinal);
        Assert.DoesNotContain(TestClient.ApiKey[3..], journal, StringComparison.Ordinal);
    }

    private static void AssertBilledOnce(SettlementBench bench, int number, EndedEdit edit)
    {
        Assert.Null(edit.Error);
        Assert.Equal(Assert.Single(bench.Emulator.Ledger.Jobs).RequestId, edit.Result!.RequestId);
        Assert.Equal((1, 0.0125m), (bench.Count(ApiRoute.Submit), bench.Emulator.Ledger.Billed));
        Assert.Equal(SettlementParts.Image(number), File.ReadAllBytes(bench.Folder.At($"out-{number}.png")));
    }
}
