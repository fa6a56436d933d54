using QwenEdit.Commands.Parameters;
using QwenEdit.Editing;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Jobs;
using QwenEdit.Emulator.Records;
using QwenEdit.Runs;
using QwenEdit.Tests.Reconciliation;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Editing;

/// <summary>A submitted job is watched to its end, whatever happens on the way.</summary>
public sealed class JobPollerTests
{
    [Fact]
    public async Task A_job_that_does_not_end_in_time_is_given_up_but_not_lost()
    {
        await using EditFixture fixture = await EditFixture.StartAsync(new EditSettings { Timeout = TimeSpan.FromSeconds(30) });

        EndedEdit edit = await fixture.EditAsync("emulate:seconds=40");

        Assert.Equal(EditError.TimedOut, edit.Error?.Error);
        Assert.Equal(EditOutcome.TimedOut, edit.Result!.Status);
        Assert.Contains("30 s", edit.Error!.Message, StringComparison.Ordinal);
        EndedEdit later = await fixture.Session.Jobs.ReceiveAsync(Job(fixture, edit), overwrite: false, wait: true, CancellationToken.None);
        Assert.Equal(EditOutcome.Received, later.Result!.Status);
        Assert.Equal(1, fixture.Count(ApiRoute.Submit));
    }

    [Fact]
    public async Task The_last_question_falls_on_the_deadline_itself()
    {
        await using EditFixture fixture = await EditFixture.StartAsync(
            new EditSettings { Timeout = TimeSpan.FromSeconds(10), PollInterval = TimeSpan.FromSeconds(6) });

        EndedEdit edit = await fixture.EditAsync("emulate:seconds=9.9");

        Assert.Equal(EditOutcome.Received, edit.Result!.Status);
        Assert.Equal(2, fixture.Count(ApiRoute.Status));
    }

    [Fact]
    public async Task A_record_that_has_expired_is_asked_for_by_its_other_URL_before_it_is_believed()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();

        EndedEdit edit = await fixture.EditAsync("emulate:expired");

        Assert.Equal(EditError.RecordExpired, edit.Error?.Error);
        Assert.Equal(EditOutcome.Expired, edit.Result!.Status);
        Assert.Equal(404, fixture.Emulator.Ledger.RequestsOn(ApiRoute.Status)[^1].Status);
        Assert.Equal(404, fixture.Emulator.Ledger.RequestsOn(ApiRoute.Result)[^1].Status);
    }

    [Fact]
    public async Task A_404_in_the_first_minute_means_running_however_often_it_comes()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Status, Status = 404, Next = 20 });
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Result, Status = 404, Next = 20 });

        EndedEdit edit = await fixture.EditAsync();

        Assert.Equal(EditOutcome.Received, edit.Result!.Status);
        Assert.Equal(1, fixture.Count(ApiRoute.Submit));
    }

    [Fact]
    public async Task A_404_in_the_first_minute_is_no_end_to_who_asks_once()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        EditJob job = await fixture.Session.SubmitAsync(fixture.Prepare(), CancellationToken.None);
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Status, Status = 404, Next = 3 });
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Result, Status = 404, Next = 3 });

        EditStatus status = await fixture.Session.Jobs.GetStatusAsync(job, wait: false, CancellationToken.None);
        EndedEdit early = await fixture.Session.Jobs.ReceiveAsync(job, overwrite: false, wait: false, CancellationToken.None);
        fixture.Clock.Advance(TimeSpan.FromSeconds(61));
        EditStatus late = await fixture.Session.Jobs.GetStatusAsync(job, wait: false, CancellationToken.None);

        Assert.Equal(EditState.Processing, status.Status);
        Assert.Equal(EditError.JobNotFinished, early.Error?.Error);
        Assert.Equal(EditState.Expired, late.Status);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(500)]
    public async Task A_failure_under_another_code_than_422_ends_the_watch(int code)
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        fixture.Emulator.Faults.Add(new Fault
        {
            Kind = FaultKind.Answer,
            Route = ApiRoute.Status,
            Status = code,
            Body = """{"status": "FAILED", "error": "blocked by the content policy", "metrics": {"inference_time": 1}}""",
        });

        EndedEdit edit = await fixture.EditAsync();

        Assert.Equal((EditError.JobFailed, EditOutcome.Failed), (edit.Error!.Error, edit.Result!.Status));
        Assert.Contains("blocked by the content policy", edit.Error.Message, StringComparison.Ordinal);
        Assert.Equal(1, fixture.Count(ApiRoute.Status));
    }

    [Fact]
    public async Task One_404_does_not_give_up_a_paid_edit()
    {
        await using EditFixture fixture = await EditFixture.StartAsync(latency: TimeSpan.FromSeconds(90));
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Status, Status = 404, Skip = 30, Next = 2 });

        Assert.Equal(EditOutcome.Received, (await fixture.EditAsync()).Result!.Status);
    }

    [Theory]
    [InlineData(FaultKind.ResetBeforeReading, 200)]
    [InlineData(FaultKind.ResetInResponse, 200)]
    [InlineData(FaultKind.EndInResponse, 200)]
    [InlineData(FaultKind.CloseConnection, 200)]
    [InlineData(FaultKind.Answer, 500)]
    [InlineData(FaultKind.Answer, 503)]
    [InlineData(FaultKind.Answer, 429)]
    public async Task Trouble_on_the_way_is_survived_longer_than_the_retries_last(FaultKind kind, int status)
    {
        await using EditFixture fixture = await EditFixture.StartAsync(maximumRetryCount: 1);
        fixture.Emulator.Faults.Add(new Fault { Kind = kind, Route = ApiRoute.Status, Status = status, Next = 7 });
        fixture.Emulator.Faults.Add(new Fault { Kind = kind, Route = ApiRoute.Result, Status = status, Next = 3 });

        EndedEdit edit = await fixture.EditAsync();

        Assert.Equal(EditOutcome.Received, edit.Result!.Status);
        Assert.Equal(1, fixture.Count(ApiRoute.Submit));
    }

    [Fact]
    public async Task Trouble_that_lasts_is_warned_of_and_named_when_time_is_up()
    {
        await using EditFixture fixture = await EditFixture.StartAsync(new EditSettings { Timeout = TimeSpan.FromSeconds(30) }, maximumRetryCount: 0);
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Status, Status = 500, Body = """{"error": "out to lunch"}""" });

        EndedEdit edit = await fixture.EditAsync();

        Assert.Equal(EditError.TimedOut, edit.Error?.Error);
        Assert.Contains("out to lunch", edit.Error!.Message, StringComparison.Ordinal);
        Assert.Contains(edit.Result!.RequestId, Assert.Single(fixture.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_limit_beyond_the_deadline_is_waited_for_without_polling_in_vain()
    {
        await using EditFixture fixture = await EditFixture.StartAsync(new EditSettings { Timeout = TimeSpan.FromSeconds(30) });
        fixture.Emulator.Faults.Add(new Fault
        {
            Kind = FaultKind.Answer,
            Route = ApiRoute.Status,
            Status = 429,
            Next = 1,
            Headers = new Dictionary<string, string> { ["Retry-After"] = "45" },
        });

        EndedEdit edit = await fixture.EditAsync("emulate:seconds=20");

        Assert.Equal((EditError.TimedOut, EditOutcome.TimedOut), (edit.Error!.Error, edit.Result!.Status));
        Assert.Contains("rate limit", edit.Error.Message, StringComparison.Ordinal);
        Assert.Equal(1, fixture.Count(ApiRoute.Status));
        Assert.Single(fixture.Log.Warnings);
        // The poller pauses to the deadline at once.
        Assert.Contains(fixture.Clock.Pauses, pause => pause.TotalSeconds is > 25 and < 31);
    }

    [Fact]
    public async Task A_rate_limit_that_is_reset_before_the_deadline_lets_the_poll_leave_then()
    {
        await using EditFixture fixture = await EditFixture.StartAsync(new EditSettings { Timeout = TimeSpan.FromSeconds(60) });
        fixture.Emulator.Faults.Add(new Fault
        {
            Kind = FaultKind.Answer,
            Route = ApiRoute.Status,
            Status = 429,
            Next = 1,
            Headers = new Dictionary<string, string> { ["Retry-After"] = "45" },
        });

        EndedEdit edit = await fixture.EditAsync("emulate:seconds=20");

        Assert.Equal(EditOutcome.Received, edit.Result!.Status);
        Assert.Empty(fixture.Log.Warnings);
    }

    [Fact]
    public async Task A_key_that_is_refused_ends_the_watch_at_once()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Status, Status = 401 });

        EndedEdit edit = await fixture.EditAsync();

        Assert.Equal(EditError.ApiKeyRejected, edit.Error?.Error);
        Assert.Equal(EditOutcome.NotReceived, edit.Result!.Status);
        Assert.Equal(1, fixture.Count(ApiRoute.Status));
    }

    [Fact]
    public async Task A_cancellation_ends_the_watch_and_leaves_the_job()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Status, Delay = TimeSpan.FromHours(10) });
        using CancellationTokenSource cancellation = new();

        Task<EndedEdit> edit = fixture.Session.EditAsync(fixture.Prepare(), cancellation.Token);
        await fixture.Emulator.Ledger.WaitForAsync(request => request.Route == ApiRoute.Status).Soon();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => edit.Soon());
        Assert.Single(fixture.Emulator.Ledger.Jobs);
        Assert.Equal(["poster.png"], fixture.Names);
    }

    [Fact]
    public async Task A_fixed_interval_is_kept_to()
    {
        await using EditFixture fixture = await EditFixture.StartAsync(new EditSettings { PollInterval = TimeSpan.FromSeconds(2.5) });

        await fixture.EditAsync("emulate:seconds=10");

        Assert.Equal(Enumerable.Repeat(TimeSpan.FromSeconds(2.5), 4), fixture.Clock.Pauses);
        Assert.Equal(4, fixture.Count(ApiRoute.Status));
        Assert.Equal(1, fixture.Count(ApiRoute.Result));
    }

    [Fact]
    public async Task Pauses_grow_with_the_first_jobs_of_all_from_half_a_second_to_five()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();

        await fixture.EditAsync("emulate:seconds=100");

        Assert.InRange(fixture.Clock.Pauses[0].TotalSeconds, 0.5, 0.6);
        Assert.InRange(fixture.Clock.Pauses.Max().TotalSeconds, 5, 6);
        Assert.InRange(fixture.Clock.Pauses.Count, 30, 40);
        Assert.True(fixture.Clock.Pauses.Distinct().Count() > 10);
    }

    private static EditJob Job(EditFixture fixture, EndedEdit edit) =>
        new() { RequestId = edit.Result!.RequestId, Destination = fixture.Folder.At("later.png") };
}
