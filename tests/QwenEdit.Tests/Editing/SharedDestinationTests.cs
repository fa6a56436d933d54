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
        await using EditFixture bench = await EditFixture.StartAsync();
        EditJob job = await bench.Session.SubmitAsync(bench.Prepare("one"), CancellationToken.None);

        QwenEditException refusal = await Assert.ThrowsAsync<QwenEditException>(() => bench.Session.SubmitAsync(bench.Prepare("another"), CancellationToken.None));
        EndedEdit edit = await bench.EditAsync("a third");

        Assert.Equal(EditError.DestinationCollision, refusal.Error);
        Assert.Contains(job.RequestId, refusal.Message, StringComparison.Ordinal);
        Assert.Equal((null, EditError.DestinationCollision), (edit.Result, edit.Error!.Error));
        Assert.Equal(1, bench.Count(ApiRoute.Submit));

        Assert.Null((await bench.Session.Jobs.ReceiveAsync(job, overwrite: false, wait: true, CancellationToken.None)).Error);
        File.Delete(bench.Folder.At("out.png"));
        Assert.Equal(EditOutcome.Received, (await bench.EditAsync("another")).Result!.Status);
    }

    [Fact]
    public async Task Of_many_at_once_one_is_sent()
    {
        await using EditFixture bench = await EditFixture.StartAsync();

        EditError?[] errors = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() => SubmitAsync(bench, number))));

        Assert.Single(errors, error => error is null);
        Assert.Single(bench.Emulator.Ledger.Jobs);
    }

    [Fact]
    public async Task An_unknown_edit_does_not_block_it()
    {
        await using EditFixture bench = await EditFixture.StartAsync();
        bench.Emulator.Faults.Add(new Fault { Kind = FaultKind.ResetAfterReading, Route = ApiRoute.Submit, Next = 1 });
        Assert.Equal(EditOutcome.Unknown, (await bench.EditAsync("one")).Result!.Status);

        Assert.Equal(EditOutcome.Received, (await bench.EditAsync("another")).Result!.Status);
    }

    [Fact]
    public async Task What_can_not_go_where_it_was_to_go_is_resumed_elsewhere_and_known_there()
    {
        await using EditFixture bench = await EditFixture.StartAsync();
        await bench.Session.SubmitAsync(bench.Prepare(), CancellationToken.None);
        bench.Folder.Write("out.png", [1, 2, 3]);
        EditJob job = Assert.Single(bench.Session.Jobs.Unfinished());
        Assert.Equal(EditError.DestinationExists, (await bench.Session.Jobs.ResumeAsync(job, overwrite: false, CancellationToken.None)).Error!.Error);

        EndedEdit edit = await bench.Session.Jobs.ResumeAsync(job, overwrite: false, bench.Folder.At("elsewhere/out.png"), CancellationToken.None);

        Assert.Equal((EditOutcome.Resumed, bench.Folder.At("elsewhere/out.png")), (edit.Result!.Status, edit.Result.Destination));
        Assert.Equal(TestImages.Png, File.ReadAllBytes(bench.Folder.At("elsewhere/out.png")));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(bench.Folder.At("out.png")));
        Assert.Empty(bench.Session.Jobs.Unfinished());
        Assert.Equal(EditOutcome.Skipped, (await bench.EditAsync()).Result!.Status);
        Assert.Equal(1, bench.Count(ApiRoute.Submit));
    }

    // The history tells its request by its identity, of which the destination is a part.
    [Fact]
    public async Task A_further_job_of_it_goes_where_it_is_asked_for()
    {
        await using EditFixture bench = await EditFixture.StartAsync();
        await bench.Session.SubmitAsync(bench.Prepare("emulate:fail"), CancellationToken.None);
        bench.Folder.Write("out.png", [1, 2, 3]);
        EditJob job = Assert.Single(bench.Session.Jobs.Unfinished());
        EndedEdit moved = await bench.Session.Jobs.ResumeAsync(job, overwrite: false, bench.Folder.At("elsewhere/out.png"), CancellationToken.None);
        Assert.Equal(EditError.JobFailed, moved.Error!.Error);
        Assert.Equal(EditError.DestinationExists, (await bench.EditAsync("emulate:fail")).Error!.Error);
        File.Delete(bench.Folder.At("out.png"));
        bench.Emulator.Faults.Add(new Fault { Kind = FaultKind.ResetAfterReading, Route = ApiRoute.Submit, Next = 1 });

        Assert.Equal(EditOutcome.Unknown, (await bench.EditAsync("emulate:fail")).Result!.Status);

        Assert.Equal((job.EditId, bench.Folder.At("out.png")), (bench.Session.Jobs.Unfinished().Single().EditId, bench.Session.Jobs.Unfinished().Single().Destination));
    }

    private static async Task<EditError?> SubmitAsync(EditFixture bench, int number)
    {
        try
        {
            await bench.Session.SubmitAsync(bench.Prepare($"number {number}"), CancellationToken.None);
            return null;
        }
        catch (QwenEditException exception)
        {
            return exception.Error;
        }
    }
}
