using QwenEdit.Editing;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Runs;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Reconciliation;

/// <summary>Settling while this machine's clock is wrong: nothing that made a job is sent again.</summary>
public sealed class ReconcilerClockTests
{
    private static readonly TimeSpan SettlingTime = new EditSettings().SettlingTime;

    public static TheoryData<double, double> Minutes => new()
    {
        // When it was sent, and when it was asked for.
        { 0, 15 },
        { 15, 0 },
        { 15, 15 },
        { -15, 0 },
        { 0, 24 * 60 },
        { 24 * 60, 0 },
        { -3 * 24 * 60, 0 },
        { 3 * 24 * 60, 0 },
    };

    [Theory]
    [MemberData(nameof(Minutes))]
    public async Task A_job_that_the_history_shows_late_is_not_billed_again(double whenSent, double whenAsked)
    {
        // Without the image and with a seed that all edits have, its row is known by its fields and its time: not with a clock that was wrong then.
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync(
            new EmulatorOptions { HistoryBody = HistoryBody.Omitted, HistoryDelay = TimeSpan.FromSeconds(45) });
        await fixture.RunAsync(1);
        fixture.Clock.Advance(TimeSpan.FromMinutes(5));
        fixture.ClockError = TimeSpan.FromMinutes(whenSent);
        await fixture.LoseAsync(2, FaultKind.ResetAfterAccepting);
        fixture.ClockError = TimeSpan.FromMinutes(whenAsked);

        foreach (TimeSpan later in new[] { TimeSpan.Zero, TimeSpan.FromMinutes(2), SettlingTime, SettlingTime })
        {
            fixture.Clock.Advance(later);
            bool isFound = later == SettlingTime && whenSent == 0;
            EditOutcome status = (await fixture.RunAsync(2)).Result!.Status;
            Assert.Contains(status, isFound ? [EditOutcome.Resumed, EditOutcome.Skipped] : new[] { EditOutcome.Unknown });
        }

        Assert.Equal(2, fixture.Emulator.Ledger.Jobs.Count);
    }

    [Theory]
    [MemberData(nameof(Minutes))]
    public async Task One_that_made_none_is_sent_again_after_the_settling_time_of_the_historys_own_clock(double whenSent, double whenAsked)
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync();
        fixture.ClockError = TimeSpan.FromMinutes(whenSent);
        await fixture.RunAsync(1);
        await fixture.LoseAsync(2, FaultKind.ResetAfterReading);
        fixture.ClockError = TimeSpan.FromMinutes(whenAsked);

        Assert.Equal(EditOutcome.Unknown, (await fixture.RunAsync(2)).Result!.Status);
        fixture.Clock.Advance(SettlingTime - TimeSpan.FromSeconds(1));
        Assert.Equal(EditOutcome.Unknown, (await fixture.RunAsync(2)).Result!.Status);
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(EditOutcome.Received, (await fixture.RunAsync(2)).Result!.Status);
        Assert.Equal(2, fixture.Emulator.Ledger.Jobs.Count);
    }

    [Fact]
    public async Task A_history_without_a_date_releases_nothing()
    {
        await using RawServer server = RawServer.Answering(new RawAnswer(200, """{"data": []}"""));
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync();
        await fixture.RunAsync(1);
        await fixture.LoseAsync(2, FaultKind.ResetAfterReading);
        fixture.History = server.Url;

        await fixture.RunAsync(2);
        fixture.Clock.Advance(SettlingTime + SettlingTime);
        EndedEdit edit = await fixture.RunAsync(2);

        Assert.Equal(EditOutcome.Unknown, edit.Result!.Status);
        Assert.Contains("no date", edit.Error!.Message, StringComparison.Ordinal);
    }
}
