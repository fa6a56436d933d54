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

/// <summary>One edit from its image to its end, through sockets, and what the service has in its books.</summary>
public sealed class EditLifeTests
{
    [Fact]
    public async Task An_edit_is_submitted_once_billed_once_and_received_whole()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();

        EndedEdit edit = await fixture.EditAsync("Change '1000$' to '5$' / 改成“上海”", request => request with { Steps = 12, Guidance = 2.5 });

        Assert.Null(edit.Error);
        LedgerJob job = Assert.Single(fixture.Emulator.Ledger.Jobs);
        Assert.Equal(("Change '1000$' to '5$' / 改成“上海”", 12, 2.5), (job.Prompt, job.Steps, job.Guidance));
        Assert.Equal(0.0125m, fixture.Emulator.Ledger.Billed);
        Assert.Equal(1, fixture.Count(ApiRoute.Submit));
        Assert.Equal(TestImages.Png, File.ReadAllBytes(fixture.Folder.At("out.png")));
        Assert.Equal(["out.png", "poster.png"], fixture.Names);
        Assert.Equal(
            new EditResult
            {
                Status = EditOutcome.Received,
                Source = fixture.Image,
                Destination = fixture.Folder.At("out.png"),
                Length = TestImages.Png.Length,
                RequestId = job.RequestId,
                Prompt = job.Prompt,
                Model = "qwen-image-edit-fast",
                Cost = 0.0125m,
                RemainingCredits = 99.9875m,
                Seed = 760941192,
                QueueSeconds = (job.Started - job.Accepted)?.TotalSeconds,
                InferenceSeconds = (job.Finished - job.Started)?.TotalSeconds,
                SubmittedAt = job.Accepted,
                ExpiresAt = job.Accepted.AddHours(1),
                OutputUrl = edit.Result!.OutputUrl,
            },
            edit.Result);
        Assert.StartsWith(fixture.Emulator.FilesEndpoint.AbsoluteUri, edit.Result!.OutputUrl, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("emulate:output-only")]
    [InlineData("emulate:images-only")]
    [InlineData("emulate:data-uri")]
    [InlineData("emulate:base64")]
    [InlineData("emulate:no-metrics")]
    [InlineData("emulate:unknown-state")]
    [InlineData("emulate:no-urls")]
    [InlineData("emulate:foreign-urls")]
    [InlineData("emulate:no-content-type")]
    [InlineData("emulate:retried")]
    public async Task An_edit_is_received_however_oddly_the_service_tells_of_it(string prompt)
    {
        await using EditFixture fixture = await EditFixture.StartAsync();

        EndedEdit edit = await fixture.EditAsync(prompt);

        Assert.Null(edit.Error);
        Assert.Equal(EditOutcome.Received, edit.Result!.Status);
        Assert.Equal(TestImages.Png, File.ReadAllBytes(fixture.Folder.At("out.png")));
        Assert.Equal(760941192, edit.Result!.Seed);
        Assert.All(fixture.Emulator.Ledger.RequestsOn(ApiRoute.File), request => Assert.Null(request.KeyId));
    }

    [Fact]
    public async Task An_output_as_text_needs_no_download()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();

        EndedEdit edit = await fixture.EditAsync(change: request => request with { Base64 = true });

        Assert.Equal(EditOutcome.Received, edit.Result!.Status);
        Assert.Equal(string.Empty, edit.Result!.OutputUrl);
        Assert.Equal(TestImages.Png, File.ReadAllBytes(fixture.Folder.At("out.png")));
        Assert.Equal(0, fixture.Count(ApiRoute.File));
    }

    [Theory]
    [InlineData("emulate:fail", "The model failed to process this request.")]
    [InlineData("emulate:policy", "The request was blocked by the content policy.")]
    public async Task A_job_that_failed_is_reported_in_the_services_words_and_not_submitted_again(string prompt, string said)
    {
        await using EditFixture fixture = await EditFixture.StartAsync();

        EndedEdit edit = await fixture.EditAsync(prompt);

        Assert.Equal(EditError.JobFailed, edit.Error?.Error);
        Assert.Equal(EditOutcome.Failed, edit.Result!.Status);
        Assert.Contains(said, edit.Result!.Error, StringComparison.Ordinal);
        Assert.NotEqual(string.Empty, edit.Result!.RequestId);
        Assert.Equal(1, fixture.Count(ApiRoute.Submit));
        Assert.Equal(0m, fixture.Emulator.Ledger.Billed);
        Assert.Equal(["poster.png"], fixture.Names);
    }

    [Theory]
    [InlineData(FaultKind.ResetAfterAccepting, 1)]
    [InlineData(FaultKind.AnswerAfterAccepting, 1)]
    [InlineData(FaultKind.ResetAfterReading, 0)]
    public async Task An_edit_whose_submission_broke_is_unknown_and_not_submitted_again(FaultKind fault, int jobs)
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        fixture.Emulator.Faults.Add(new Fault { Kind = fault, Route = ApiRoute.Submit, Status = 504, Body = "<html>", ContentType = "text/html" });

        EndedEdit edit = await fixture.EditAsync();

        Assert.Equal(EditError.OutcomeUnknown, edit.Error?.Error);
        Assert.Equal(EditOutcome.Unknown, edit.Result!.Status);
        Assert.Equal(1, fixture.Count(ApiRoute.Submit));
        Assert.Equal(jobs, fixture.Emulator.Ledger.Jobs.Count);
    }

    [Fact]
    public async Task A_random_seed_is_drawn_here_sent_and_reported()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();

        EndedEdit first = await fixture.EditAsync(change: request => request with { Seed = -1 });
        EditJob second = await fixture.Session.SubmitAsync(
            fixture.Prepare(change: request => request with { Seed = -1, Destination = fixture.Folder.At("2.png") }), CancellationToken.None);

        Assert.Equal(fixture.Emulator.Ledger.Jobs.Select(job => (long?)job.Seed), [first.Result!.Seed, second.Seed]);
        Assert.NotEqual(first.Result!.Seed, second.Seed);
        Assert.All([first.Result!.Seed!.Value, second.Seed], seed => Assert.InRange(seed, 0, 999_999_999_999_999));
    }

    [Fact]
    public async Task A_destination_that_is_there_is_refused_before_anything_is_sent_unless_it_is_to_be_replaced()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        fixture.Folder.Write("out.png", [1]);

        EndedEdit refused = await fixture.EditAsync();
        Assert.Equal(EditError.DestinationExists, refused.Error?.Error);
        Assert.Null(refused.Result);
        Assert.Empty(fixture.Emulator.Ledger.Requests);

        EndedEdit replaced = await fixture.EditAsync(change: request => request with { Overwrite = true });
        Assert.Equal(EditOutcome.Received, replaced.Result!.Status);
    }

    [Theory]
    [InlineData(EditTransport.Async)]
    [InlineData(EditTransport.Sync)]
    public async Task An_edit_that_is_submitted_again_names_the_image_that_was_sent(EditTransport transport)
    {
        await using EditFixture bench = await EditFixture.StartAsync(new EditSettings { Transport = transport });
        bench.Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Status = 400, Next = 1 });
        Assert.Equal(EditError.RequestRejected, (await bench.EditAsync()).Error!.Error);
        string renamed = bench.Folder.At("renamed.png");
        File.Move(bench.Image, renamed);

        EndedEdit edit = await bench.EditAsync(change: request => request with { Path = renamed });

        Assert.Equal((EditOutcome.Received, renamed), (edit.Result!.Status, edit.Result.Source));
    }

    [Fact]
    public async Task A_job_whose_answer_broke_off_is_not_expired_because_the_service_does_not_show_it_at_once()
    {
        // The job takes longer than the time in which the service may not show a job that it has accepted.
        await using EditFixture bench = await EditFixture.StartAsync(new EditSettings { Transport = EditTransport.Sync }, latency: TimeSpan.FromSeconds(90));
        bench.Emulator.Faults.Add(new Fault { Kind = FaultKind.EndInResponse, Route = ApiRoute.Sync, Next = 1 });
        foreach (ApiRoute route in new[] { ApiRoute.Status, ApiRoute.Result })
        {
            bench.Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = route, Status = 404, Next = 2 });
        }

        EndedEdit edit = await bench.EditAsync();

        Assert.Equal(EditOutcome.Received, edit.Result!.Status);
        Assert.Equal(1, bench.Count(ApiRoute.Sync));
    }

    [Fact]
    public async Task A_submitted_job_says_all_that_is_known_of_it()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        DateTimeOffset now = fixture.Clock.GetUtcNow();

        EditJob job = await fixture.Session.SubmitAsync(
            fixture.Prepare("x", request => request with { ImageFormat = ImageFormat.Webp, Seed = 7, Destination = fixture.Folder.At("out.webp") }),
            CancellationToken.None);

        Assert.Equal(
            new EditJob
            {
                EditId = job.EditId,
                RequestId = fixture.Emulator.Ledger.Jobs[0].RequestId,
                Status = EditState.Queued,
                Source = fixture.Image,
                Destination = fixture.Folder.At("out.webp"),
                Prompt = "x",
                Model = "qwen-image-edit-fast",
                Seed = 7,
                ImageFormat = ImageFormat.Webp,
                Endpoint = fixture.Emulator.Endpoint,
                SubmittedAt = now,
                ExpiresAt = now.AddHours(1),
            },
            job);
    }

    [Fact]
    public async Task The_rate_limit_of_the_account_is_kept_to_by_all_edits_and_none_is_lost()
    {
        await using EditFixture fixture = await EditFixture.StartAsync(
            options: new EmulatorOptions { RequestsPerMinute = 3 }, maximumRetryCount: 0);

        EndedEdit[] edits = await Task.WhenAll(Enumerable.Range(1, 10).Select(
            number => fixture.EditAsync(change: request => request with { Destination = fixture.Folder.At($"{number}.png") })));

        Assert.All(edits, edit => Assert.Equal(EditOutcome.Received, edit.Result!.Status));
        Assert.Equal(10, fixture.Emulator.Ledger.Jobs.Count);
    }
}
