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

/// <summary>Reconciliation over sockets: a run that loses the outcome of edits, and a second run that finds it. The emulator's ledger is checked.</summary>
public sealed class ReconcilerRunTests
{
    [Theory]
    [InlineData(HistoryBody.Whole, 7)]
    [InlineData(HistoryBody.Whole, -1)]
    [InlineData(HistoryBody.Cut, -1)]
    [InlineData(HistoryBody.Omitted, -1)]
    public async Task A_job_whose_answer_was_lost_is_found_and_not_billed_twice(HistoryBody keep, long seed)
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync(new EmulatorOptions { HistoryBody = keep });
        await fixture.LoseAsync(1, FaultKind.ResetAfterAccepting, seed);

        EndedEdit edit = await fixture.RunAsync(1, seed);

        Assert.Equal((EditOutcome.Resumed, 0.0125m), (edit.Result!.Status, edit.Result.Cost));
        fixture.AssertBilledOnce(1, edit);
    }

    [Fact]
    public async Task It_is_found_in_a_history_without_images_after_the_settling_time()
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync(new EmulatorOptions());
        await fixture.LoseAsync(1, FaultKind.ResetAfterAccepting);

        EndedEdit early = await fixture.RunAsync(1);
        Assert.Equal(EditError.OutcomeUnknown, early.Error!.Error);
        Assert.Contains($"ask again in 150 minutes: {fixture.Emulator.Ledger.Jobs.Single().RequestId} (", early.Error.Message, StringComparison.Ordinal);

        fixture.Clock.Advance(new EditSettings().SettlingTime);
        EndedEdit edit = await fixture.RunAsync(1);

        Assert.Equal((EditOutcome.Resumed, 0.0125m), (edit.Result!.Status, edit.Result.Cost));
        fixture.AssertBilledOnce(1, edit);
        Assert.Equal(EditOutcome.Skipped, (await fixture.RunAsync(1)).Result!.Status);
    }

    // Its own journal knows the other machine's job, and only the account's history does besides.
    [Fact]
    public async Task Two_machines_with_the_same_prompt_are_not_given_each_others_images()
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync(new EmulatorOptions());
        await fixture.LoseAsync(1, FaultKind.ResetAfterReading);
        foreach (int number in new[] { 2, 3 })
        {
            using EditSession other = fixture.Open(journal: "another.db");
            Assert.Equal(EditOutcome.Received, (await other.EditAsync(fixture.Prepare(number), CancellationToken.None)).Result!.Status);
        }

        await fixture.RunAsync(1);
        fixture.Clock.Advance(new EditSettings().SettlingTime);
        EndedEdit edit = await fixture.RunAsync(1);

        Assert.Equal((EditOutcome.Unknown, EditError.OutcomeUnknown), (edit.Result!.Status, edit.Error!.Error));
        Assert.All(fixture.Emulator.Ledger.Jobs, job => Assert.Contains(job.RequestId, edit.Error.Message, StringComparison.Ordinal));
        Assert.False(File.Exists(fixture.Folder.At("out-1.png")));
    }

    [Fact]
    public async Task It_is_found_by_Submit_and_by_Resume_too()
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync();
        await fixture.LoseAsync(1, FaultKind.ResetAfterAccepting);
        await fixture.LoseAsync(2, FaultKind.ResetAfterAccepting);

        using EditSession session = fixture.Open();
        EditJob submitted = await session.SubmitAsync(fixture.Prepare(1), CancellationToken.None);
        List<EndedEdit> resumed = [];
        foreach (EditJob job in session.Jobs.Unfinished())
        {
            resumed.Add(await session.Jobs.ResumeAsync(job, overwrite: false, CancellationToken.None));
        }

        Assert.Equal(fixture.Emulator.Ledger.Jobs.Select(job => job.RequestId), resumed.Select(edit => edit.Result!.RequestId));
        Assert.Equal(fixture.Emulator.Ledger.Jobs[0].RequestId, submitted.RequestId);
        Assert.All(resumed, edit => Assert.Equal(EditOutcome.Resumed, edit.Result!.Status));
        Assert.Equal(2, fixture.Count(ApiRoute.Submit));
        // One listing: a page, and the next one, which is empty.
        Assert.Equal(2, fixture.Count(ApiRoute.History));
    }

    [Fact]
    public async Task It_is_found_though_its_record_has_expired()
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync();
        await fixture.LoseAsync(1, FaultKind.ResetAfterAccepting);
        fixture.Clock.Advance(TimeSpan.FromDays(2));

        EndedEdit edit = await fixture.RunAsync(1);

        Assert.Equal((EditOutcome.Resumed, 0.0125m), (edit.Result!.Status, edit.Result.Cost));
        fixture.AssertBilledOnce(1, edit);
    }

    [Fact]
    public async Task It_is_found_before_it_would_be_submitted_again()
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync();
        await fixture.LoseAsync(1, FaultKind.ResetAfterAccepting);

        EndedEdit edit = await fixture.RunAsync(1, resubmit: Resubmit.Unknown);

        Assert.Equal(EditOutcome.Resumed, edit.Result!.Status);
        fixture.AssertBilledOnce(1, edit);
    }

    [Fact]
    public async Task It_is_found_after_a_call_that_was_stopped_while_it_was_sent()
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync();
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Submit, Next = 1, Delay = TimeSpan.FromHours(1) });
        using (EditSession session = fixture.Open())
        using (CancellationTokenSource stop = new())
        {
            Task<EndedEdit> edit = session.EditAsync(fixture.Prepare(1), stop.Token);
            await fixture.Emulator.Ledger.WaitForAsync(request => request.Fault is not null);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => edit);
        }

        fixture.AssertBilledOnce(1, await fixture.RunAsync(1));
    }

    [Fact]
    public async Task An_expired_job_is_received_from_the_URL_of_the_history()
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync();
        await fixture.SubmitAsync(1);
        fixture.Clock.Advance(TimeSpan.FromDays(6));
        EndedEdit edit = await fixture.RunAsync(1);

        Assert.Equal((EditOutcome.Resumed, 0.0125m), (edit.Result!.Status, edit.Result.Cost));
        fixture.AssertBilledOnce(1, edit);
        Assert.EndsWith("/" + edit.Result.RequestId, Assert.Single(fixture.Emulator.Ledger.RequestsOn(ApiRoute.History)).Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_expired_job_is_received_to_another_place_too_whether_it_is_in_the_journal_or_not(bool isKnown)
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync();
        await fixture.SubmitAsync(1);
        fixture.Clock.Advance(TimeSpan.FromDays(2));
        EditJob job = new() { RequestId = fixture.Emulator.Ledger.Jobs.Single().RequestId, Destination = fixture.Folder.At("elsewhere.png") };

        using EditSession session = fixture.Open(journal: isKnown ? "journal.db" : "another.db");
        EndedEdit edit = await session.Jobs.ReceiveAsync(job, overwrite: false, wait: true, CancellationToken.None);

        Assert.Null(edit.Error);
        Assert.Equal((EditOutcome.Received, 0.0125m), (edit.Result!.Status, edit.Result.Cost));
        Assert.Equal(HistoryMatcherParts.Image(1), File.ReadAllBytes(fixture.Folder.At("elsewhere.png")));
        Assert.Equal(1, fixture.Count(ApiRoute.Submit));
    }

    [Fact]
    public async Task An_expired_job_is_found_by_a_run_that_has_a_history_after_one_that_had_none()
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync();
        await fixture.SubmitAsync(1);
        fixture.Clock.Advance(TimeSpan.FromDays(1));
        fixture.History = null;
        Assert.Equal(EditOutcome.Expired, (await fixture.RunAsync(1)).Result!.Status);
        fixture.History = fixture.Emulator.HistoryEndpoint;

        fixture.AssertBilledOnce(1, await fixture.RunAsync(1));
    }

    [Fact]
    public async Task An_output_that_has_expired_too_is_reported()
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync();
        await fixture.SubmitAsync(1);
        fixture.Clock.Advance(TimeSpan.FromDays(8));

        Assert.Equal(EditOutcome.Expired, (await fixture.RunAsync(1)).Result!.Status);
        Assert.Equal(1, fixture.Count(ApiRoute.Submit));
    }

    [Fact]
    public async Task The_journal_has_no_key_in_it()
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync();
        await fixture.LoseAsync(1, FaultKind.ResetAfterAccepting);

        string journal = string.Concat(Directory.EnumerateFiles(fixture.Folder.Path, "journal.db*").Select(path => File.ReadAllText(path, System.Text.Encoding.Latin1)));

        Assert.Contains("Make it blue", journal, StringComparison.Ordinal);
        Assert.DoesNotContain(TestClient.ApiKey, journal, StringComparison.Ordinal);
        Assert.DoesNotContain(TestClient.ApiKey[3..], journal, StringComparison.Ordinal);
    }
}
