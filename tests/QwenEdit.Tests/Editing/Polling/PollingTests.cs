using QwenEdit.Commands.Parameters;
using QwenEdit.Editing;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Runs;
using QwenEdit.Tests.Reconciliation;
using QwenEdit.Tests.Support;
using Xunit.Abstractions;

namespace QwenEdit.Tests.Editing.Polling;

/// <summary>Jobs of the emulator are asked for when they are likely to have ended.</summary>
public sealed class PollingTests(ITestOutputHelper output)
{
    [Theory]
    // A little above what the simulation promises of many jobs.
    [InlineData(0.1, 3.7, 0.45)]
    [InlineData(0.3, 6.5, 0.6)]
    public async Task Once_twenty_jobs_were_seen_polls_are_few_and_in_time(double spread, double polls, double lag)
    {
        await using EditFixture fixture = await EditFixture.StartAsync(options: new EmulatorOptions { LatencySpread = spread }, latency: TimeSpan.FromSeconds(8.7));
        await EditAsync(fixture, 140);

        (double Polls, double Lag) seen = Measure(fixture, 20);

        output.WriteLine($"{seen.Polls:0.00} polls, {seen.Lag:0.000} s");
        Assert.InRange(seen.Polls, 1, polls);
        Assert.InRange(seen.Lag, 0, lag);
    }

    [Fact]
    public async Task The_next_run_starts_with_what_the_last_one_has_seen()
    {
        await using EditFixture first = await EditFixture.StartAsync();
        await EditAsync(first, 10);
        await using EditFixture next = first.StartAnother();

        await next.EditAsync("once more");

        string job = first.Emulator.Ledger.Jobs[^1].RequestId;
        Assert.Single(Polls(first), request => request.RequestId == job);
    }

    [Fact]
    public async Task A_job_without_metrics_teaches_by_when_it_was_seen()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        await EditAsync(fixture, 12, "emulate:no-metrics");

        Assert.InRange(Measure(fixture, 11).Polls, 1, 5);
    }

    [Fact]
    public async Task A_queue_is_waited_out_by_the_work_that_is_still_to_come()
    {
        await using EditFixture fixture = await EditFixture.StartAsync(options: new EmulatorOptions { Workers = 1 });
        await EditAsync(fixture, 20);
        // Another's job before ours: 60 s in the queue. Nobody polls it, which would move the clock.
        await fixture.Session.SubmitAsync(
            fixture.Prepare("emulate:seconds=60", request => request with { Destination = fixture.Folder.At("other.png") }), CancellationToken.None);
        await EditAsync(fixture, 1, "behind it");

        string job = fixture.Emulator.Ledger.Jobs[^1].RequestId;
        Assert.InRange(Polls(fixture).Count(request => request.RequestId == job), 2, 30);
    }

    [Fact]
    public async Task A_service_without_results_of_running_jobs_is_asked_for_their_state()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        await EditAsync(fixture, 10);
        fixture.Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Result, Status = 404, Next = 1 });

        await EditAsync(fixture, 1, "emulate:seconds=20");

        Assert.Single(fixture.Emulator.Ledger.RequestsOn(ApiRoute.Result), request => request.Status == 404);
        LedgerRequest[] polls = [.. Polls(fixture).Where(request => request.RequestId == fixture.Emulator.Ledger.Jobs[^1].RequestId)];
        Assert.All(polls[..^1], poll => Assert.Equal(ApiRoute.Status, poll.Route));
    }

    [Fact]
    public async Task A_job_that_was_submitted_long_ago_is_asked_for_at_once()
    {
        await using EditFixture fixture = await EditFixture.StartAsync();
        EditJob job = await fixture.Session.SubmitAsync(fixture.Prepare(), CancellationToken.None);
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        int pauses = fixture.Clock.Pauses.Count;

        await fixture.Session.Jobs.ReceiveAsync(job, overwrite: false, wait: true, CancellationToken.None);

        Assert.All(fixture.Clock.Pauses.Skip(pauses), pause => Assert.Equal(TimeSpan.Zero, pause));
        Assert.Equal(1, fixture.Count(ApiRoute.Status));
    }

    [Fact]
    public async Task A_job_is_asked_for_just_before_the_service_forgets_it()
    {
        await using EditFixture fixture = await EditFixture.StartAsync(new EditSettings { Timeout = TimeSpan.FromHours(2), PollInterval = TimeSpan.FromMinutes(25) });

        EndedEdit edit = await fixture.EditAsync("emulate:seconds=3595");

        Assert.Equal(EditOutcome.Received, edit.Result!.Status);
        Assert.Equal(3, fixture.Count(ApiRoute.Status));
    }

    private static async Task EditAsync(EditFixture fixture, int count, string prompt = "Number")
    {
        for (int edit = 0; edit < count; edit++)
        {
            Assert.Null((await fixture.EditAsync($"{prompt} {edit}", request => request with { Overwrite = true })).Error);
        }
    }

    private static IEnumerable<LedgerRequest> Polls(EditFixture fixture) =>
        fixture.Emulator.Ledger.Requests.Where(request => request.Route is ApiRoute.Status or ApiRoute.Result);

    // Questions about a job, the one for its result included, and the time from a job's end to the poll that saw it, by the emulator's books.
    private static (double Polls, double Lag) Measure(EditFixture fixture, int skip)
    {
        ILookup<string?, LedgerRequest> polls = Polls(fixture).ToLookup(request => request.RequestId);
        List<(int Polls, double Lag)> jobs =
        [
            .. fixture.Emulator.Ledger.Jobs.Skip(skip).Select(job =>
                (polls[job.RequestId].Count(), (polls[job.RequestId].Last().Time - job.Finished!.Value).TotalSeconds)),
        ];
        return (jobs.Average(job => job.Polls), jobs.Average(job => job.Lag));
    }
}
