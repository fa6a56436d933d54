using QwenEdit.Commands.Parameters;
using QwenEdit.Editing;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.History;
using QwenEdit.Emulator.Records;
using QwenEdit.Runs;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Reconciliation;

/// <summary>Settling through sockets: a run, what it loses, and the run after it, which finds it. The emulator's books are the judge.</summary>
public sealed class ReconcilerRunTests
{
    [Theory]
    [InlineData(HistoryBody.Whole, 7)]
    [InlineData(HistoryBody.Whole, -1)]
    [InlineData(HistoryBody.Cut, -1)]
    [InlineData(HistoryBody.Omitted, -1)]
    public async Task A_job_whose_answer_was_lost_is_found_and_not_billed_twice(HistoryBody keep, long seed)
    {
        await using ReconcilerFixture bench = await ReconcilerFixture.StartAsync(new EmulatorOptions { HistoryBody = keep });
        await bench.LoseAsync(1, FaultKind.ResetAfterAccepting, seed);

        EndedEdit edit = await bench.RunAsync(1, seed);

        Assert.Equal((EditOutcome.Resumed, 0.0125m), (edit.Result!.Status, edit.Result.Cost));
        bench.AssertBilledOnce(1, edit);
    }

    [Fact]
    public async Task It_is_found_in_a_history_without_images_after_the_settling_time()
    {
        await using ReconcilerFixture bench = await ReconcilerFixture.StartAsync(new EmulatorOptions());
        await bench.LoseAsync(1, FaultKind.ResetAfterAccepting);

        EndedEdit early = await bench.RunAsync(1);
        Assert.Equal(EditError.OutcomeUnknown, early.Error!.Error);
        Assert.Contains($"ask again in 150 minutes: {bench.Emulator.Ledger.Jobs.Single().RequestId} (", early.Error.Message, StringComparison.Ordinal);

        bench.Clock.Advance(new EditSettings().SettlingTime);
        EndedEdit edit = await bench.RunAsync(1);

        Assert.Equal((EditOutcome.Resumed, 0.0125m), (edit.Result!.Status, edit.Result.Cost));
        bench.AssertBilledOnce(1, edit);
        Assert.Equal(EditOutcome.Skipped, (await bench.RunAsync(1)).Result!.Status);
    }

    // Its own journal knows the other machine's job, and only the account's history does besides.
    [Fact]
    public async Task Two_machines_with_the_same_prompt_are_not_given_each_others_images()
    {
        await using ReconcilerFixture bench = await ReconcilerFixture.StartAsync(new EmulatorOptions());
        await bench.LoseAsync(1, FaultKind.ResetAfterReading);
        foreach (int number in new[] { 2, 3 })
        {
            using EditSession other = bench.Open(journal: "another.db");
            Assert.Equal(EditOutcome.Received, (await other.EditAsync(bench.Prepare(number), CancellationToken.None)).Result!.Status);
        }

        await bench.RunAsync(1);
        bench.Clock.Advance(new EditSettings().SettlingTime);
        EndedEdit edit = await bench.RunAsync(1);

        Assert.Equal((EditOutcome.Unknown, EditError.OutcomeUnknown), (edit.Result!.Status, edit.Error!.Error));
        Assert.All(bench.Emulator.Ledger.Jobs, job => Assert.Contains(job.RequestId, edit.Error.Message, StringComparison.Ordinal));
        Assert.False(File.Exists(bench.Folder.At("out-1.png")));
    }

    [Fact]
    public async Task It_is_found_by_Submit_and_by_Resume_too()
    {
        await using ReconcilerFixture bench = await ReconcilerFixture.StartAsync();
        await bench.LoseAsync(1, FaultKind.ResetAfterAccepting);
        await bench.LoseAsync(2, FaultKind.ResetAfterAccepting);

        using EditSession session = bench.Open();
        EditJob submitted = await session.SubmitAsync(bench.Prepare(1), CancellationToken.None);
        List<EndedEdit> resumed = [];
        foreach (EditJob job in session.Jobs.Unfinished())
        {
            resumed.Add(await session.Jobs.ResumeAsync(job, overwrite: false, CancellationToken.None));
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
        await using ReconcilerFixture bench = await ReconcilerFixture.StartAsync();
        await bench.LoseAsync(1, FaultKind.ResetAfterAccepting);
        bench.Clock.Advance(TimeSpan.FromDays(2));

        EndedEdit edit = await bench.RunAsync(1);

        Assert.Equal((EditOutcome.Resumed, 0.0125m), (edit.Result!.Status, edit.Result.Cost));
        bench.AssertBilledOnce(1, edit);
    }

    [Fact]
    public async Task It_is_found_before_it_would_be_submitted_again()
    {
        await using ReconcilerFixture bench = await ReconcilerFixture.StartAsync();
        await bench.LoseAsync(1, FaultKind.ResetAfterAccepting);

        EndedEdit edit = await bench.RunAsync(1, resubmit: Resubmit.Unknown);

        Assert.Equal(EditOutcome.Resumed, edit.Result!.Status);
        bench.AssertBilledOnce(1, edit);
    }

    [Fact]
    public async Task It_is_found_after_a_call_that_was_stopped_while_it_was_sent()
    {
        await using ReconcilerFixture bench = await ReconcilerFixture.StartAsync();
        bench.Emulator.Faults.Add(new Fault { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Submit, Next = 1, Delay = TimeSpan.FromHours(1) });
        using (EditSession session = bench.Open())
        using (CancellationTokenSource stop = new())
        {
            Task<EndedEdit> edit = session.EditAsync(bench.Prepare(1), stop.Token);
            await bench.Emulator.Ledger.WaitForAsync(request => request.Fault is not null);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => edit);
        }

        bench.AssertBilledOnce(1, await bench.RunAsync(1));
    }

    [Fact]
    public async Task An_expired_job_is_received_from_the_URL_of_the_history()
    {
        await using ReconcilerFixture bench = await ReconcilerFixture.StartAsync();
        await bench.SubmitAsync(1);
        bench.Clock.Advance(TimeSpan.FromDays(6));
        EndedEdit edit = await bench.RunAsync(1);

        Assert.Equal((EditOutcome.Resumed, 0.0125m), (edit.Result!.Status, edit.Result.Cost));
        bench.AssertBilledOnce(1, edit);
        Assert.EndsWith("/" + edit.Result.RequestId, Assert.Single(bench.Emulator.Ledger.RequestsOn(ApiRoute.History)).Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_expired_job_is_received_to_another_place_too_whether_it_is_in_the_journal_or_not(bool isKnown)
    {
        await using ReconcilerFixture bench = await ReconcilerFixture.StartAsync();
        await bench.SubmitAsync(1);
        bench.Clock.Advance(TimeSpan.FromDays(2));
        EditJob job = new() { RequestId = bench.Emulator.Ledger.Jobs.Single().RequestId, Destination = bench.Folder.At("elsewhere.png") };

        using EditSession session = bench.Open(journal: isKnown ? "journal.db" : "another.db");
        EndedEdit edit = await session.Jobs.ReceiveAsync(job, overwrite: false, wait: true, CancellationToken.None);

        Assert.Null(edit.Error);
        Assert.Equal((EditOutcome.Received, 0.0125m), (edit.Result!.Status, edit.Result.Cost));
        Assert.Equal(HistoryMatcherParts.Image(1), File.ReadAllBytes(bench.Folder.At("elsewhere.png")));
        Assert.Equal(1, bench.Count(ApiRoute.Submit));
    }

    [Fact]
    public async Task An_expired_job_is_found_by_a_run_that_has_a_history_after_one_that_had_none()
    {
        await using ReconcilerFixture bench = await ReconcilerFixture.StartAsync();
        await bench.SubmitAsync(1);
        bench.Clock.Advance(TimeSpan.FromDays(1));
        bench.History = null;
        Assert.Equal(EditOutcome.Expired, (await bench.RunAsync(1)).Result!.Status);
        bench.History = bench.Emulator.HistoryEndpoint;

        bench.AssertBilledOnce(1, await bench.RunAsync(1));
    }

    [Fact]
    public async Task An_output_that_has_expired_too_is_reported()
    {
        await using ReconcilerFixture bench = await ReconcilerFixture.StartAsync();
        await bench.SubmitAsync(1);
        bench.Clock.Advance(TimeSpan.FromDays(8));

        Assert.Equal(EditOutcome.Expired, (await bench.RunAsync(1)).Result!.Status);
        Assert.Equal(1, bench.Count(ApiRoute.Submit));
    }

    [Fact]
    public async Task The_journal_has_no_key_in_it()
    {
        await using ReconcilerFixture bench = await ReconcilerFixture.StartAsync();
        await bench.LoseAsync(1, FaultKind.ResetAfterAccepting);

        string journal = string.Concat(Directory.EnumerateFiles(bench.Folder.Path, "journal.db*").Select(path => File.ReadAllText(path, System.Text.Encoding.Latin1)));

        Assert.Contains("Make it blue", journal, StringComparison.Ordinal);
        Assert.DoesNotContain(TestClient.ApiKey, journal, StringComparison.Ordinal);
        Assert.DoesNotContain(TestClient.ApiKey[3..], journal, StringComparison.Ordinal);
    }
}
