using QwenEdit.Commands.Parameters;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Journal;
using QwenEdit.Runs;
using QwenEdit.Tests.Reconciliation;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Editing;

/// <summary>Two edits whose images would go to one file: only one of them is paid for.</summary>
public sealed class SharedDestinationTests
{
    [Fact]
    public async Task A_job_that_is_to_be_received_blocks_its_destination_until_it_is()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        EditJob job = await fixture.Session.SubmitAsync(fixture.Prepare("one"), CancellationToken.None);

        QwenEditException refusal = await Assert.ThrowsAsync<QwenEditException>(() => fixture.Session.SubmitAsync(fixture.Prepare("another"), CancellationToken.None));
        EndedEdit edit = await fixture.EditAsync("a third");

        Assert.Equal(EditError.DestinationCollision, refusal.Error);
        Assert.Contains(job.RequestId, refusal.Message, StringComparison.Ordinal);
        Assert.Equal((null, EditError.DestinationCollision), (edit.Result, edit.Error!.Error));
        Assert.Equal(1, fixture.Count(ApiRoute.Submit));

        Assert.Null((await fixture.Session.Jobs.ReceiveAsync(job, overwrite: false, wait: true, CancellationToken.None)).Error);
        File.Delete(fixture.Folder.At("out.png"));
        Assert.Equal(EditOutcome.Received, (await fixture.EditAsync("another")).Result!.Status);
    }

    [Fact]
    public async Task Of_many_at_once_one_is_sent()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();

        EditError?[] errors = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() => SubmitAsync(fixture, number))));

        Assert.Single(errors, error => error is null);
        Assert.Single(fixture.Emulator.Ledger.Jobs);
    }

    [Fact]
    public async Task An_unknown_edit_does_not_block_it()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.ResetAfterReading, Route = ApiRoute.Submit, Next = 1 });
        Assert.Equal(EditOutcome.Unknown, (await fixture.EditAsync("one")).Result!.Status);

        Assert.Equal(EditOutcome.Received, (await fixture.EditAsync("another")).Result!.Status);
    }

    [Fact]
    public async Task What_can_not_go_where_it_was_to_go_is_resumed_elsewhere_and_known_there()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        await fixture.Session.SubmitAsync(fixture.Prepare(), CancellationToken.None);
        fixture.Folder.Write("out.png", [1, 2, 3]);
        EditJob job = Assert.Single(fixture.Session.Jobs.Unfinished());
        Assert.Equal(EditError.DestinationExists, (await fixture.Session.Jobs.ResumeAsync(job, overwrite: false, CancellationToken.None)).Error!.Error);

        EndedEdit edit = await fixture.Session.Jobs.ResumeAsync(job, overwrite: false, fixture.Folder.At("elsewhere/out.png"), CancellationToken.None);

        Assert.Equal((EditOutcome.Resumed, fixture.Folder.At("elsewhere/out.png")), (edit.Result!.Status, edit.Result.Destination));
        Assert.Equal(TestImages.Png, File.ReadAllBytes(fixture.Folder.At("elsewhere/out.png")));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(fixture.Folder.At("out.png")));
        Assert.Empty(fixture.Session.Jobs.Unfinished());
        Assert.Equal(EditOutcome.Skipped, (await fixture.EditAsync()).Result!.Status);
        Assert.Equal(1, fixture.Count(ApiRoute.Submit));
    }

    // The history tells its request by its identity, of which the destination is a part.
    [Fact]
    public async Task A_further_job_of_it_goes_where_it_is_asked_for()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        await fixture.Session.SubmitAsync(fixture.Prepare("emulate:fail"), CancellationToken.None);
        fixture.Folder.Write("out.png", [1, 2, 3]);
        EditJob job = Assert.Single(fixture.Session.Jobs.Unfinished());
        EndedEdit moved = await fixture.Session.Jobs.ResumeAsync(job, overwrite: false, fixture.Folder.At("elsewhere/out.png"), CancellationToken.None);
        Assert.Equal(EditError.JobFailed, moved.Error!.Error);
        Assert.Equal(EditError.DestinationExists, (await fixture.EditAsync("emulate:fail")).Error!.Error);
        File.Delete(fixture.Folder.At("out.png"));
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.ResetAfterReading, Route = ApiRoute.Submit, Next = 1 });

        Assert.Equal(EditOutcome.Unknown, (await fixture.EditAsync("emulate:fail")).Result!.Status);

        Assert.Equal((job.EditId, fixture.Folder.At("out.png")), (fixture.Session.Jobs.Unfinished().Single().EditId, fixture.Session.Jobs.Unfinished().Single().Destination));
    }

    private static async Task<EditError?> SubmitAsync(EditFixture fixture, int number)
    {
        try
        {
            await fixture.Session.SubmitAsync(fixture.Prepare($"number {number}"), CancellationToken.None);
            return null;
        }
        catch (QwenEditException exception)
        {
            return exception.Error;
        }
    }
}
