using QwenEdit.Commands.Parameters;
using QwenEdit.Editing;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Runs;
using QwenEdit.Tests.Reconciliation;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Editing;

/// <summary>A paid image is fetched until it is there, and what is no image never takes its place.</summary>
public sealed class ReceiveTests
{
    [Theory]
    [InlineData(FaultKind.ResetInResponse)]
    [InlineData(FaultKind.EndInResponse)]
    [InlineData(FaultKind.ResetBeforeReading)]
    [InlineData(FaultKind.Answer)]
    public async Task A_download_that_broke_is_repeated_from_its_start(FaultKind fault)
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        fixture.Emulator.Faults.Add(new Fault { Kind = fault, Route = ApiRoute.File, Status = 503, Next = 2 });

        EndedEdit edit = await fixture.EditAsync();

        Assert.Equal(EditOutcome.Received, edit.Result!.Status);
        Assert.Equal(3, fixture.Count(ApiRoute.File));
        Assert.Equal(TestImages.Png, File.ReadAllBytes(fixture.Folder.At("out.png")));
        Assert.Equal(["out.png", "poster.png"], fixture.Names);
    }

    [Theory]
    [InlineData("emulate:truncate")]
    [InlineData("emulate:html")]
    [InlineData("emulate:empty")]
    [InlineData("emulate:file-missing")]
    [InlineData("emulate:no-output")]
    public async Task What_is_not_the_image_is_an_error_of_a_paid_edit_and_no_file(string prompt)
    {
        await using EditFixture fixture = await EditFixture.StartAsync();

        EndedEdit edit = await fixture.EditAsync(prompt);

        Assert.Equal(EditError.OutputInvalid, edit.Error?.Error);
        Assert.Equal(EditOutcome.NotReceived, edit.Result!.Status);
        Assert.Equal(0.0125m, edit.Result!.Cost);
        Assert.Equal(["poster.png"], fixture.Names);
    }

    [Fact]
    public async Task A_download_that_hangs_is_given_up_and_repeated()
    {
        await using EditFixture fixture = await EditFixture.StartAsync(new EditSettings { Timeout = 2 * SkippingClock.Limit });
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.DelayBody, Route = ApiRoute.File, Delay = TimeSpan.FromHours(10), Next = 1 });

        Task<EndedEdit> edit = fixture.EditAsync();
        await fixture.Emulator.Ledger.WaitForAsync(request => request.Route == ApiRoute.File).Soon();
        fixture.Clock.Advance(SkippingClock.Limit);

        Assert.Equal(EditOutcome.Received, (await edit.Soon()).Result!.Status);
    }

    [Fact]
    public async Task Another_format_than_was_asked_for_is_kept_and_warned_of()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        string image = fixture.Folder.Write("photo.jpg", TestImages.Jpeg);

        EndedEdit edit = await fixture.EditAsync(change: request => request with { Path = image });

        Assert.Equal(EditOutcome.Received, edit.Result!.Status);
        Assert.Contains("Png", Assert.Single(fixture.Log.Warnings), StringComparison.Ordinal);
        Assert.Equal(TestImages.Jpeg, File.ReadAllBytes(fixture.Folder.At("out.png")));
    }

    [Fact]
    public async Task A_file_that_has_come_meanwhile_is_left_as_it_is_and_the_edit_can_still_be_received()
    {
        EditSettings patient = new() { Timeout = TimeSpan.FromDays(1) };
        await using EditFixture fixture = await EditFixture.StartAsync(patient, new EmulatorOptions { RecordRetention = TimeSpan.FromDays(1) });
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Status, Delay = TimeSpan.FromHours(10), Next = 1 });
        Task<EndedEdit> inFlight = fixture.EditAsync();
        await fixture.Emulator.Ledger.WaitForAsync(request => request.Route == ApiRoute.Status).Soon();
        fixture.Folder.Write("out.png", [1, 2, 3]);
        fixture.Clock.Advance(SkippingClock.Limit);

        EndedEdit edit = await inFlight.Soon();

        Assert.Equal(EditError.DestinationExists, edit.Error?.Error);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(fixture.Folder.At("out.png")));
        EditJob job = new() { RequestId = edit.Result!.RequestId, Destination = fixture.Folder.At("elsewhere.png") };
        EndedEdit again = await fixture.Session.Jobs.ReceiveAsync(job, overwrite: false, wait: false, CancellationToken.None);
        Assert.Equal(EditOutcome.Received, again.Result!.Status);
        Assert.Equal(["elsewhere.png", "out.png", "poster.png"], fixture.Names);
    }

    [Fact]
    public async Task A_bare_request_id_is_enough_and_the_image_brings_its_extension()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        EditJob submitted = await fixture.Session.SubmitAsync(fixture.Prepare(), CancellationToken.None);
        EditJob bare = new() { RequestId = submitted.RequestId, Destination = fixture.Folder.At(submitted.RequestId) };

        EndedEdit early = await fixture.Session.Jobs.ReceiveAsync(bare, overwrite: false, wait: false, CancellationToken.None);
        EndedEdit edit = await fixture.Session.Jobs.ReceiveAsync(bare, overwrite: false, wait: true, CancellationToken.None);

        Assert.Equal(EditError.JobNotFinished, early.Error?.Error);
        Assert.Contains("QUEUED", early.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(EditOutcome.Received, edit.Result!.Status);
        Assert.Equal(fixture.Folder.At(submitted.RequestId + ".png"), edit.Result!.Destination);
        Assert.Empty(fixture.Log.Warnings);
    }

    [Fact]
    public async Task A_job_is_found_by_its_id_undashed_and_in_capitals_and_the_service_is_asked_by_its_own()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        EditJob job = await fixture.Session.SubmitAsync(fixture.Prepare(), CancellationToken.None);
        string another = job.RequestId.Contains('-', StringComparison.Ordinal)
            ? job.RequestId.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant()
            : Guid.Parse(job.RequestId).ToString("D").ToUpperInvariant();

        EditStatus status = await fixture.Session.Jobs.GetStatusAsync(new EditJob { RequestId = another }, wait: true, CancellationToken.None);
        EndedEdit received = await fixture.Session.Jobs.ReceiveAsync(new EditJob { RequestId = another }, overwrite: false, wait: true, CancellationToken.None);
        EndedEdit copy = await fixture.Session.Jobs.ReceiveAsync(
            new EditJob { RequestId = another, Destination = fixture.Folder.At("copy.png") }, overwrite: false, wait: true, CancellationToken.None);

        Assert.Equal((EditState.Completed, job.RequestId), (status.Status, status.RequestId));
        Assert.Equal((EditOutcome.Received, job.RequestId), (received.Result!.Status, received.Result.RequestId));
        Assert.Equal(EditOutcome.Received, copy.Result!.Status);
        Assert.All(
            fixture.Emulator.Ledger.RequestsOn(ApiRoute.Status).Concat(fixture.Emulator.Ledger.RequestsOn(ApiRoute.Result)),
            request => Assert.Equal((200, job.RequestId), (request.Status, request.RequestId)));
        Assert.Equal(["copy.png", "out.png", "poster.png"], fixture.Names);
    }

    [Fact]
    public async Task A_job_that_nobody_knows_is_expired()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        EditJob job = new() { RequestId = "0b0e7a7e-0000-4000-8000-000000000000", Destination = fixture.Folder.At("out") };

        EndedEdit edit = await fixture.Session.Jobs.ReceiveAsync(job, overwrite: false, wait: false, CancellationToken.None);

        Assert.Equal((EditError.RecordExpired, EditOutcome.Expired), (edit.Error!.Error, edit.Result!.Status));
    }

    [Fact]
    public async Task A_status_follows_the_job_from_queue_to_expiry()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        EditJob job = await fixture.Session.SubmitAsync(fixture.Prepare(), CancellationToken.None);
        List<EditState> states = [];

        foreach (int seconds in (int[])[0, 4, 6, 3600])
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(seconds));
            states.Add((await fixture.Session.Jobs.GetStatusAsync(job, wait: false, CancellationToken.None)).Status);
        }

        Assert.Equal([EditState.Queued, EditState.Processing, EditState.Completed, EditState.Expired], states);
    }

    [Fact]
    public async Task A_status_can_be_waited_for()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        EditJob job = await fixture.Session.SubmitAsync(fixture.Prepare("emulate:fail"), CancellationToken.None);

        EditStatus status = await fixture.Session.Jobs.GetStatusAsync(job, wait: true, CancellationToken.None);

        Assert.Equal(EditState.Failed, status.Status);
        Assert.Equal("The model failed to process this request.", status.Error);
        Assert.Equal((job.Source, job.Destination, (long?)job.Seed), (status.Source, status.Destination, status.Seed));
        Assert.Null(status.Cost);
    }
}
