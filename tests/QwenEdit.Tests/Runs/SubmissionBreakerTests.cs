using Microsoft.Extensions.Time.Testing;
using QwenEdit.Editing;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Runs;
using QwenEdit.Segmind.Http;
using QwenEdit.Tests.Reconciliation;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Runs;

/// <summary>An answer that would meet every edit stops submitting, and nothing else.</summary>
public sealed class SubmissionBreakerTests
{
    [Theory]
    [ClassData(typeof(FatalAnswers))]
    public async Task A_fatal_answer_lets_no_further_edit_be_sent(int status, string message, EditError error)
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = status, Body = $$"""{"error": "{{message}}"}""" });

        EndedEdit first = await fixture.EditAsync();
        EndedEdit second = await fixture.EditAsync();

        Assert.Equal((error, EditOutcome.Failed), (first.Error!.Error, first.Result!.Status));
        Assert.Equal(EditError.SubmissionStopped, second.Error!.Error);
        Assert.Null(second.Result);
        Assert.Same(first.Error, fixture.Session.Breaker.Cause);
        Assert.Equal(1, fixture.Count(ApiRoute.Submit));
    }

    [Fact]
    public async Task An_answer_to_one_edit_alone_stops_no_other()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = 400, Next = 1 });

        Assert.Equal(EditError.RequestRejected, (await fixture.EditAsync()).Error?.Error);
        Assert.Equal(EditOutcome.Received, (await fixture.EditAsync()).Result!.Status);
        Assert.Null(fixture.Session.Breaker.Cause);
    }

    [Fact]
    public async Task Of_many_edits_that_meet_it_at_once_one_reports_it()
    {
        await using EditFixture fixture = await EditFixture.StartAsync(options: new EmulatorOptions { Credits = 0 });

        EndedEdit[] edits = await Task.WhenAll(Enumerable.Range(1, 12).Select(number => fixture.EditAsync($"Number {number}", To(fixture, $"{number}.png"))));

        Assert.Single(edits, edit => edit.Error!.Error == EditError.InsufficientCredits);
        Assert.Equal(11, edits.Count(edit => edit.Error!.Error == EditError.SubmissionStopped));
    }

    [Fact]
    public async Task What_is_in_flight_is_still_received()
    {
        EditSettings patient = new() { Timeout = TimeSpan.FromDays(1) };
        await using EditFixture fixture = await EditFixture.StartAsync(patient, new EmulatorOptions { RecordRetention = TimeSpan.FromDays(1) });
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Status, Delay = TimeSpan.FromHours(10), Next = 1 });
        Task<EndedEdit> inFlight = fixture.EditAsync();
        await fixture.Emulator.Ledger.WaitForAsync(request => request.Route == ApiRoute.Status).Soon();
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = 401 });

        EndedEdit refused = await fixture.EditAsync("another", To(fixture, "another.png"));
        EndedEdit stopped = await fixture.EditAsync("and another", To(fixture, "third.png"));
        Assert.False(inFlight.IsCompleted);
        fixture.Clock.Advance(SkippingClock.Limit);

        Assert.Equal(EditOutcome.Received, (await inFlight.Soon()).Result!.Status);
        Assert.Equal((EditError.ApiKeyRejected, EditError.SubmissionStopped), (refused.Error!.Error, stopped.Error!.Error));
        Assert.Equal(2, fixture.Count(ApiRoute.Submit));
    }

    [Fact]
    public async Task A_submission_that_is_on_its_way_is_heard_out()
    {
        EditSettings patient = new() { Timeout = TimeSpan.FromDays(1) };
        await using EditFixture fixture = await EditFixture.StartAsync(patient);
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Submit, Delay = TimeSpan.FromMinutes(40), Next = 1 });
        Task<EndedEdit> onItsWay = fixture.EditAsync();
        await Until.TrueAsync(() => fixture.Emulator.Ledger.Jobs.Count == 1, "the job is accepted");

        Assert.True(fixture.Session.Breaker.Trip(new QwenEditException(EditError.ModelRetired, "gone")));
        fixture.Clock.Advance(TimeSpan.FromMinutes(40));

        Assert.Equal(EditOutcome.Received, (await onItsWay.Soon()).Result!.Status);
    }

    [Fact]
    public async Task A_submission_that_pauses_before_its_next_try_leaves_at_once()
    {
        // A pause would never end.
        FakeTimeProvider still = new(new DateTimeOffset(2026, 10, 1, 12, 0, 0, TimeSpan.Zero));
        await using EditFixture fixture = await EditFixture.StartAsync(clock: still);
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = 500 });
        Task<EndedEdit> pausing = fixture.EditAsync();
        await Until.TrueAsync(() => fixture.Log.Everything.Contains("no job was made", StringComparison.Ordinal), "the first try has failed");

        Assert.True(fixture.Session.Breaker.Trip(new QwenEditException(EditError.ModelRetired, "gone")));

        Assert.Equal(EditError.SubmissionStopped, (await pausing.Soon()).Error!.Error);
        Assert.Equal(1, fixture.Count(ApiRoute.Submit));
    }

    [Fact]
    public async Task A_submission_between_two_tries_is_stopped_too()
    {
        using SubmissionBreaker breaker = new();
        await using RawServer server = RawServer.Answering(RawAnswer.Error(500));
        using TestClient client = new(server.Url)
        {
            BeforeEachTry = () =>
            {
                breaker.ThrowIfStopped();
                Assert.True(breaker.Trip(new QwenEditException(EditError.ModelRetired, "gone")));
            },
        };

        Assert.Equal(EditError.SubmissionStopped, (await client.SubmitInVainAsync()).Error);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Every_answer_that_stops_the_batch_stops_a_run_and_no_other_does()
    {
        IEnumerable<EditError> stopping = ResponseClassifier.Rows.Where(row => row.Class == ResponseClass.StopBatch).Select(row => row.Error);
        Assert.Equal(
            stopping.Distinct().Order(),
            Enum.GetValues<EditError>()
                .Where(error => EditErrorCatalog.Of(error).Stop is { Condition: StopCondition.AtOnce, Reason: EditRunStop.Credits or EditRunStop.Authorization or EditRunStop.Model })
                .Order());
    }

    private static Func<EditRequest, EditRequest> To(EditFixture fixture, string name) => request => request with { Destination = fixture.Folder.At(name) };
}
