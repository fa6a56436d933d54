using QwenEdit.Editing;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Files;
using QwenEdit.Tests.Reconciliation;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Editing;

/// <summary>An image that could not be written under its name is not paid for.</summary>
public sealed class UnpaidDestinationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_name_that_is_too_long_is_refused_before_anything_is_sent(bool leaves)
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        PreparedEdit edit = fixture.Prepare(change: request => request with { Destination = fixture.Folder.At(new string('a', 300) + ".png") });

        EditError? error = leaves
            ? (await Assert.ThrowsAsync<QwenEditException>(() => fixture.Session.SubmitAsync(edit, CancellationToken.None))).Error
            : (await fixture.Session.EditAsync(edit, CancellationToken.None)).Error?.Error;

        Assert.Equal(EditError.DestinationUnwritable, error);
        Assert.Empty(fixture.Emulator.Ledger.Jobs);
        Assert.Equal(["poster.png"], fixture.Names);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_killed_trial_left_is_not_in_the_way(bool isKnown)
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        if (isKnown)
        {
            fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = 400, Next = 1 });
            Assert.Equal(EditError.RequestRejected, (await fixture.EditAsync()).Error!.Error);
        }

        fixture.Folder.Write("out.png", DestinationTrial.Content);

        Assert.Equal(EditOutcome.Received, (await fixture.EditAsync()).Result!.Status);
        Assert.Equal(["out.png", "poster.png"], fixture.Names);
    }
}
