using QwenEdit.Diagnostics;
using QwenEdit.Editing;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Runs;
using QwenEdit.Segmind;
using QwenEdit.Segmind.Http;
using QwenEdit.Tests.Crash.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Crash;

/// <summary>The clock of this machine is wrong, or is set while edits are under way.</summary>
public sealed class WrongClockTests : IAsyncLifetime
{
    private static readonly TimeSpan[] Errors = [TimeSpan.FromDays(-400), TimeSpan.FromHours(-3), TimeSpan.FromHours(3), TimeSpan.FromDays(400)];

    private CrashFixture _fixture = null!;

    public static TheoryData<double> Hours => [.. Errors.Select(error => error.TotalHours)];

    public async Task InitializeAsync() => _fixture = await CrashFixture.StartAsync(images: 2);

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Theory]
    [MemberData(nameof(Hours))]
    public async Task Edits_are_received_and_known_again(double hours)
    {
        Clock clock = new(TimeSpan.FromHours(hours));
        Assert.Equal([EditOutcome.Received, EditOutcome.Received], await EditAsync(clock));
        Assert.Equal([EditOutcome.Skipped, EditOutcome.Skipped], await EditAsync(clock));
        // Put right.
        Assert.Equal([EditOutcome.Skipped, EditOutcome.Skipped], await EditAsync(new Clock(TimeSpan.Zero)));
        Assert.Equal(2, _fixture.Service.Ledger.Jobs.Count);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public async Task What_was_submitted_by_a_wrong_clock_is_received_by_a_right_one_and_the_other_way_round(double hours)
    {
        Clock wrong = new(TimeSpan.FromHours(hours));
        Clock right = new(TimeSpan.Zero);
        _fixture.Service.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.File, Status = 503, Next = 4 });

        Assert.Equal([EditOutcome.NotReceived, EditOutcome.NotReceived], await EditAsync(wrong));
        Assert.Equal([EditOutcome.NotReceived, EditOutcome.NotReceived], await EditAsync(right));
        Assert.Equal([EditOutcome.Resumed, EditOutcome.Resumed], await EditAsync(wrong));

        Assert.Equal(2, _fixture.Service.Ledger.Jobs.Count);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public async Task An_output_whose_job_is_forgotten_is_received_whatever_the_clock_says_of_its_age(double hours)
    {
        _fixture.Service.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.File, Status = 503, Next = 2 });
        await EditAsync(new Clock(TimeSpan.FromHours(hours)));
        _fixture.Service.Clock.Advance(TimeSpan.FromHours(2));

        Assert.Equal([EditOutcome.Resumed, EditOutcome.Resumed], await EditAsync(new Clock(TimeSpan.Zero)));
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public async Task A_clock_that_is_set_while_a_job_runs_neither_ends_the_wait_nor_prolongs_it(double hours)
    {
        Clock clock = new(TimeSpan.Zero);
        _fixture.Service.Faults.Add(new Fault { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Status, Next = 2, Delay = TimeSpan.FromMinutes(30), Name = "held" });

        Task<EditOutcome[]> run = EditAsync(clock);
        await Until.TrueAsync(() => _fixture.Service.Ledger.Requests.Count(request => request.Fault == "held") == 2, "both jobs are polled");
        clock.Error = TimeSpan.FromHours(hours);
        _fixture.Service.Clock.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal([EditOutcome.Received, EditOutcome.Received], await run);
        Assert.Equal(2, _fixture.Service.Ledger.Jobs.Count);
    }

    // The engine itself, as a cmdlet's clock can't be set.
    private async Task<EditOutcome[]> EditAsync(Clock clock)
    {
        var connection = new SegmindConnection
        {
            Endpoint = SegmindEndpoint.Parse(_fixture.Service.Endpoint.AbsoluteUri),
            ApiKey = _fixture.Service.ApiKey,
            MaximumRetryCount = 0,
        };
        var settings = new EditSettings { JournalPath = _fixture.Journal, PollInterval = TimeSpan.FromMilliseconds(50), Timeout = Until.Patience };
        using EditSession session = new(connection, settings, clock, new Silence());
        EndedEdit[] ended = await Task.WhenAll(_fixture.Sources.Select(source => session.EditAsync(
            PreparedEdit.Prepare(new EditRequest { Path = source, Destination = _fixture.ResultOf(source), Prompt = "Proof" }), CancellationToken.None)));
        return [.. ended.Select(edit => edit.Result!.Status)];
    }

    private sealed class Clock(TimeSpan error) : TimeProvider
    {
        internal TimeSpan Error { get; set; } = error;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Error;
    }

    private sealed class Silence : IEditLog
    {
        public bool WantsExchanges => false;

        public void Exchange(string text)
        {
        }

        public void Verbose(string message, EditEvent? what = null)
        {
        }

        public void Debug(string message, EditEvent? what = null)
        {
        }

        public void Warning(string message, EditEvent? what = null)
        {
        }

        public void Error(string message, EditEvent what)
        {
        }
    }
}
