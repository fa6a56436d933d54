using System.Globalization;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Crash.Support;

namespace QwenEdit.Tests.Crash;

/// <summary>Every known fault of the service and of what is in between, each checked against the ledger.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private const int Count = 16;

    private const string Page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";

    private CrashFixture _fixture = null!;

    public async Task InitializeAsync() => _fixture = await CrashFixture.StartAsync(Count);

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Connections_are_reset_after_the_job_was_accepted()
    {
        Add(new Fault { Kind = FaultKind.ResetAfterAccepting, Route = ApiRoute.Submit, Share = 0.4 });

        await RunAsync();
        await RunAsync();

        int met = Met();
        Assert.InRange(met, 1, Count);
        Assert.Equal(met, _fixture.LedgerCheck.FindsNothingLost());
        Assert.Equal(Count, _fixture.Service.Ledger.Jobs.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Upload Storage -WarningAction Ignore")]
    public async Task Synchronous_answers_are_reset_before_they_begin_and_in_their_middle(string parameters)
    {
        Add(new Fault { Kind = FaultKind.ResetAfterAccepting, Route = ApiRoute.Sync, Share = 0.3 });
        Add(new Fault { Kind = FaultKind.ResetInResponse, Route = ApiRoute.Sync, Share = 0.3 });
        Add(new Fault { Kind = FaultKind.ResetAfterReading, Route = ApiRoute.Upload, Share = 0.2 });

        await RunAsync("-Transport Sync -MaximumRetryCount 10 " + parameters);
        await RunAsync("-Transport Sync -MaximumRetryCount 10 " + parameters);

        int lost = _fixture.Service.Ledger.RequestsOn(ApiRoute.Sync).Count(request => request.Fault == "reset-after-accepting");
        Assert.InRange(lost, 1, Count - 1);
        Assert.Contains(_fixture.Service.Ledger.Requests, request => request.Fault == "reset-in-response");
        Assert.Equal(lost, _fixture.LedgerCheck.FindsNothingLost());
        Assert.Equal(Count, _fixture.Service.Ledger.Jobs.Count);
    }

    [Fact]
    public async Task A_storm_of_rate_limits_is_waited_out()
    {
        // One request at a time meets it, as all wait for the reset of the first.
        const int Refusals = 4;
        Add(new Fault
        {
            Kind = FaultKind.Answer,
            Route = ApiRoute.Submit,
            Status = 429,
            Next = Refusals,
            Headers = new Dictionary<string, string>
            {
                ["x-rate-limit-reset-at-utc"] = DateTimeOffset.UtcNow.AddSeconds(1).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            },
        });

        EndedProcess run = await RunAsync();

        Assert.Empty(run.Errors);
        Assert.Equal(0, _fixture.LedgerCheck.FindsNothingLost());
        Assert.Equal(Refusals, Met());
    }

    [Fact]
    public async Task A_burst_of_the_gateways_own_errors_is_repeated()
    {
        Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = 503, Next = Count });
        Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Status, Status = 500, Next = Count });

        EndedProcess run = await RunAsync("-MaximumRetryCount 0");
        // Ten in a row stop the run. Those that are on their way by then end in the same way, and these may be all.
        int failed = run.Errors.Count(error => error.StartsWith("ServiceUnavailable,", StringComparison.Ordinal));
        Assert.InRange(failed, 10, Count);
        Assert.All(run.Errors.Skip(failed), error => Assert.StartsWith("SubmissionStopped,", error, StringComparison.Ordinal));
        Assert.Equal(failed < Count ? 1 : 0, run.Errors.Count - failed);
        await RunAsync();

        Assert.Equal(0, _fixture.LedgerCheck.FindsNothingLost());
        Assert.Equal(Count, _fixture.Service.Ledger.Jobs.Count);
    }

    [Fact]
    public async Task The_error_pages_of_something_in_between_are_believed_in_nothing()
    {
        Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = 502, Next = 3, Body = Page, ContentType = "text/html" });
        Add(new Fault { Kind = FaultKind.AnswerAfterAccepting, Route = ApiRoute.Submit, Status = 504, Next = 3, Body = Page, ContentType = "text/html" });
        Add(new Fault { Kind = FaultKind.AnswerAfterAccepting, Route = ApiRoute.Submit, Status = 200, Next = 3, Body = Page, ContentType = "text/html" });
        Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Status, Status = 502, Next = Count, Body = Page, ContentType = "text/html" });

        EndedProcess first = await RunAsync();
        EndedProcess second = await RunAsync();

        Assert.Equal(9, first.Count(EditOutcome.Unknown));
        Assert.Equal(9, second.Count(EditOutcome.Unknown));
        Assert.Equal(9, _fixture.LedgerCheck.FindsNothingLost());
        // Three of the pages stood for no job; which, nobody but the service knows.
        Assert.Equal(Count - 3, _fixture.Service.Ledger.Jobs.Count);
    }

    [Fact]
    public async Task Downloads_that_are_cut_or_are_pages_end_in_no_file()
    {
        Add(new Fault { Kind = FaultKind.ResetInResponse, Route = ApiRoute.File, Next = 6 });
        Add(new Fault { Kind = FaultKind.EndInResponse, Route = ApiRoute.File, Next = 6 });
        Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.File, Status = 200, Next = 6, Body = Page, ContentType = "image/png" });
        Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.File, Status = 403, Next = 6, Body = Page, ContentType = "text/html" });

        EndedProcess first = await RunAsync("-MaximumRetryCount 0");
        _fixture.LedgerCheck.FindsNoHalfFile();
        Assert.Equal(Count, first.Count(EditOutcome.NotReceived));
        EndedProcess second = await RunAsync();

        Assert.Empty(second.Errors);
        Assert.Equal(Count, second.Count(EditOutcome.Resumed));
        Assert.Equal(0, _fixture.LedgerCheck.FindsNothingLost());
        Assert.Equal(Count, _fixture.Service.Ledger.Jobs.Count);
    }

    [Fact]
    public async Task Records_that_have_expired_are_reported_and_not_paid_again_until_that_is_asked_for()
    {
        // Killed in effect: nobody asks for the jobs within the hour.
        Add(new Fault { Kind = FaultKind.ResetBeforeReading, Route = ApiRoute.Status });
        await RunAsync("-MaximumRetryCount 0 -TimeoutSec 1");
        _fixture.Service.Faults.Clear();
        _fixture.Service.Clock.Advance(TimeSpan.FromHours(1.1));

        EndedProcess run = await RunAsync();

        Assert.Equal(Count, run.Count(EditOutcome.Expired));
        Assert.All(run.Errors, error => Assert.StartsWith("RecordExpired,", error, StringComparison.Ordinal));
        Assert.Equal(Count, _fixture.Service.Ledger.Jobs.Count);
        Assert.Equal(Count, (await RunAsync("-Resubmit Expired")).Count(EditOutcome.Received));
    }

    [Fact]
    public async Task An_outage_of_twenty_minutes_costs_nothing_but_time()
    {
        Add(new Fault { Kind = FaultKind.ResetBeforeReading, Route = ApiRoute.Status });
        Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = 503, Skip = Count / 2 });
        EndedProcess during = await RunAsync("-MaximumRetryCount 0 -TimeoutSec 1");
        Assert.Equal(Count / 2, during.Count(EditOutcome.TimedOut));
        Assert.Equal(Count / 2, during.Count(EditOutcome.Failed));
        _fixture.Service.Faults.Clear();
        _fixture.Service.Clock.Advance(TimeSpan.FromMinutes(20));

        EndedProcess after = await RunAsync();

        Assert.Equal(Count / 2, after.Count(EditOutcome.Resumed));
        Assert.Equal(Count / 2, after.Count(EditOutcome.Received));
        Assert.Equal(0, _fixture.LedgerCheck.FindsNothingLost());
        Assert.Equal(Count, _fixture.Service.Ledger.Jobs.Count);
    }

    private void Add(Fault fault) => _fixture.Service.Faults.Add(fault);

    private int Met() => _fixture.Service.Ledger.Requests.Count(request => request.Fault is not null);

    private Task<EndedProcess> RunAsync(string parameters = "")
    {
        _fixture.Parameters = $"-ThrottleLimit 8 {parameters}";
        return _fixture.RunAsync();
    }
}
