using QwenEdit.Commands.Parameters;
using QwenEdit.Editing;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Faults;
using QwenEdit.Runs;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Reconciliation;

/// <summary>
/// Two edits with the same fields lose their responses, and the history keeps no images: the first has a job, the second has none. Settling the first by
/// hand does not make its job the second's.
/// </summary>
public sealed class LostRequestTests
{
    [Theory]
    [InlineData("received by its id, then removed")]
    [InlineData("removed")]
    [InlineData("submitted again")]
    public async Task The_job_of_an_edit_that_was_settled_by_hand_is_given_to_no_other(string how)
    {
        await using ReconcilerFixture fixture = await ReconcilerFixture.StartAsync(new EmulatorOptions());
        await fixture.LoseAsync(1, FaultKind.ResetAfterAccepting);
        await fixture.LoseAsync(2, FaultKind.ResetAfterReading);
        string job = Assert.Single(fixture.Emulator.Ledger.Jobs).RequestId;
        foreach (int number in new[] { 1, 2 })
        {
            Assert.Equal(EditOutcome.Unknown, (await fixture.RunAsync(number)).Result!.Status);
        }

        await SettleByHandAsync(fixture, how, job);
        fixture.Clock.Advance(new EditSettings().SettlingTime);
        EndedEdit edit = await fixture.RunAsync(2);

        Assert.Equal((EditOutcome.Unknown, EditError.OutcomeUnknown), (edit.Result!.Status, edit.Error!.Error));
        Assert.Contains(job, edit.Error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(fixture.Folder.At("out-2.png")));
    }

    private static async Task SettleByHandAsync(ReconcilerFixture fixture, string how, string job)
    {
        if (how == "submitted again")
        {
            EndedEdit again = await fixture.RunAsync(1, resubmit: Resubmit.Unknown);
            Assert.Equal(EditOutcome.Received, again.Result!.Status);
            Assert.NotEqual(job, again.Result.RequestId);
            return;
        }

        if (how.StartsWith("received", StringComparison.Ordinal))
        {
            using EditSession session = fixture.Open();
            EditJob named = new() { RequestId = job, Destination = fixture.Folder.At("by-hand.png") };
            Assert.Equal(EditOutcome.Received, (await session.Jobs.ReceiveAsync(named, overwrite: false, wait: true, CancellationToken.None)).Result!.Status);
        }

        using OfflineJournal journal = new(fixture.Folder.At("journal.db"), fixture.Clock);
        EditJob unknown = Assert.Single(journal.Select([EditState.Unknown], null), edit => edit.Source == fixture.Folder.At("1.png"));
        journal.Remove(unknown.EditId, force: true);
    }
}
