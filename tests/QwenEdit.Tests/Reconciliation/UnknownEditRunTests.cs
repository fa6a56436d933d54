using QwenEdit.Commands.Parameters;
using QwenEdit.Editing;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Runs;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Reconciliation;

/// <summary>Settling through sockets, where the history does not show the job: it shows late, or in part, or there is none to show.</summary>
public sealed class UnknownEditRunTests
{
    private static readonly TimeSpan SettlingTime = new EditSettings().SettlingTime;

    [Fact]
    public async Task With_a_late_history_it_stays_unknown_until_it_shows()
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync(new EmulatorOptions { HistoryBody = HistoryBody.Whole, HistoryDelay = TimeSpan.FromMinutes(9) });
        await fixture.LoseAsync(1, FaultKind.ResetAfterAccepting);

        EndedEdit early = await fixture.RunAsync(1);
        Assert.Equal((EditOutcome.Unknown, EditError.OutcomeUnknown), (early.Result!.Status, early.Error!.Error));
        Assert.Contains("may come late", early.Error.Message, StringComparison.Ordinal);

        fixture.Clock.Advance(TimeSpan.FromMinutes(9));
        fixture.AssertBilledOnce(1, await fixture.RunAsync(1));
    }

    [Fact]
    public async Task With_a_cut_history_it_stays_unknown_and_its_candidate_is_named()
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync(new EmulatorOptions { HistoryBody = HistoryBody.Cut });
        await fixture.LoseAsync(1, FaultKind.ResetAfterAccepting);
        await fixture.RunAsync(1);
        fixture.Clock.Advance(SettlingTime);

        EndedEdit edit = await fixture.RunAsync(1);

        Assert.Equal(EditOutcome.Unknown, edit.Result!.Status);
        string candidate = Assert.Single(fixture.Emulator.Ledger.Jobs).RequestId;
        Assert.Contains(candidate, edit.Error!.Message, StringComparison.Ordinal);
        using OfflineJournal book = new(fixture.Folder.At("journal.db"), fixture.Clock);
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
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync(new EmulatorOptions { History = why != "off" });
        fixture.History = why switch
        {
            "not reachable" => new Uri("http://127.0.0.1:1/"),
            "refused" or "a page" => server.Url,
            "none" => null,
            _ => fixture.History,
        };
        await fixture.LoseAsync(1, FaultKind.ResetAfterAccepting);
        await fixture.LoseAsync(2, FaultKind.ResetAfterReading);
        fixture.Clock.Advance(TimeSpan.FromMinutes(30));

        using EditSession session = fixture.Open();
        EndedEdit[] edits = [.. await Task.WhenAll(Enumerable.Range(1, 3).Select(number => session.EditAsync(fixture.Prepare(number), CancellationToken.None)))];

        Assert.Equal([EditOutcome.Unknown, EditOutcome.Unknown, EditOutcome.Received], edits.Select(edit => edit.Result!.Status));
        Assert.Equal(3, fixture.Count(ApiRoute.Submit));
        Assert.Equal(why == "none" ? 0 : 1, fixture.Log.Warnings.Count(warning => warning.Contains("history", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_edit_that_made_no_job_is_submitted_again_after_the_settling_time()
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync();
        await fixture.RunAsync(1);
        await fixture.LoseAsync(2, FaultKind.ResetAfterReading);

        Assert.Equal(EditOutcome.Unknown, (await fixture.RunAsync(2)).Result!.Status);
        Assert.Equal(2, fixture.Count(ApiRoute.Submit));

        fixture.Clock.Advance(SettlingTime - TimeSpan.FromSeconds(1));
        Assert.Equal(EditOutcome.Unknown, (await fixture.RunAsync(2)).Result!.Status);

        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(EditOutcome.Received, (await fixture.RunAsync(2)).Result!.Status);
        Assert.Equal((3, 2, 0.025m), (fixture.Count(ApiRoute.Submit), fixture.Emulator.Ledger.Jobs.Count, fixture.Emulator.Ledger.Billed));
    }

    [Fact]
    public async Task Resuming_releases_it_but_submits_nothing()
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync();
        await fixture.RunAsync(1);
        await fixture.LoseAsync(2, FaultKind.ResetAfterReading);
        await fixture.RunAsync(2);
        fixture.Clock.Advance(SettlingTime);

        using EditSession session = fixture.Open();
        EndedEdit edit = await session.Jobs.ResumeAsync(Assert.Single(session.Jobs.Unfinished()), overwrite: false, CancellationToken.None);

        Assert.Equal((EditOutcome.Failed, EditError.NoJobMade), (edit.Result!.Status, edit.Error!.Error));
        Assert.Empty(session.Jobs.Unfinished());
        Assert.Equal(2, fixture.Count(ApiRoute.Submit));
    }

    [Fact]
    public async Task A_history_with_nothing_of_ours_around_that_time_releases_nothing()
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync();
        await fixture.RunAsync(1);
        fixture.Clock.Advance(TimeSpan.FromHours(2));
        await fixture.LoseAsync(2, FaultKind.ResetAfterReading);
        await fixture.RunAsync(2);
        fixture.Clock.Advance(SettlingTime);

        EndedEdit edit = await fixture.RunAsync(2);

        Assert.Equal(EditOutcome.Unknown, edit.Result!.Status);
        Assert.Contains("proves nothing", edit.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(2, fixture.Count(ApiRoute.Submit));
    }

    [Fact]
    public async Task Another_accounts_history_tells_nothing_and_is_not_asked()
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync();
        await fixture.RunAsync(1);
        await fixture.LoseAsync(2, FaultKind.ResetAfterAccepting);
        fixture.Clock.Advance(TimeSpan.FromMinutes(30));
        fixture.ApiKey = "SG_1111111111111111";

        EndedEdit edit = await fixture.RunAsync(2);

        Assert.Equal(EditOutcome.Unknown, edit.Result!.Status);
        Assert.Contains("another API key", edit.Error!.Message, StringComparison.Ordinal);
        Assert.Equal((2, 0), (fixture.Count(ApiRoute.Submit), fixture.Count(ApiRoute.History)));
    }

    [Fact]
    public async Task A_job_that_failed_before_is_not_taken_for_the_next_try()
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync();
        await fixture.RunAsync(1);
        EditRequest failing = fixture.Prepare(2).Request with { Prompt = "emulate:fail" };
        using (EditSession session = fixture.Open())
        {
            Assert.Equal(EditOutcome.Failed, (await session.EditAsync(PreparedEdit.Prepare(failing), CancellationToken.None)).Result!.Status);
            fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.ResetAfterReading, Route = ApiRoute.Submit, Next = 1 });
            Assert.Equal(EditOutcome.Unknown, (await session.EditAsync(PreparedEdit.Prepare(failing), CancellationToken.None)).Result!.Status);
        }

        using EditSession next = fixture.Open();
        EndedEdit edit = await next.EditAsync(PreparedEdit.Prepare(failing), CancellationToken.None);

        Assert.Equal(EditOutcome.Unknown, edit.Result!.Status);
        Assert.DoesNotContain(fixture.Emulator.Ledger.Jobs[1].RequestId, edit.Error!.Message, StringComparison.Ordinal);
    }
}
