using QwenEdit.Commands.Parameters;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.History;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>-Transport Sync: one request, whose answer is the image, and the promises of the other way.</summary>
public sealed class SyncTests : CommandTest
{
    private const string Edit = "Invoke-QwenImageEdit a.png 'Make it red' -Transport Sync";

    private const string Page = "<html><head><title>504 Gateway Time-out</title></head><body>nginx</body></html>";

    protected override IReadOnlyList<string> Images { get; } = ["a.png"];

    [Fact]
    public async Task The_image_comes_in_the_answer_and_the_facts_in_its_headers()
    {
        ScriptRun run = (await RunAsync(Edit + " -Seed 42 -RunVariable run; $run")).WithoutErrors();

        LedgerRequest only = Assert.Single(Emulator.Ledger.Requests);
        Assert.Equal(ApiRoute.Sync, only.Route);
        Assert.Equal("Received", run.Text(0, "Status"));
        Assert.Equal(only.RequestId, run.Text(0, "RequestId"));
        Assert.Equal(0.0125m, run.Output[0].Properties["Cost"].Value);
        Assert.Equal(99.9875m, run.Output[0].Properties["RemainingCredits"].Value);
        Assert.Equal(42L, run.Output[0].Properties["Seed"].Value);
        Assert.NotNull(run.Output[0].Properties["InferenceSeconds"].Value);
        Assert.Equal(0.0125m, run.Output[1].Properties["Cost"].Value);
        Assert.Equal(await File.ReadAllBytesAsync(Folder["a.png"]), await File.ReadAllBytesAsync(Folder["a-edited.png"]));
        Assert.Equal(["a-edited.png", "a.png"], Folder.Files);
    }

    [Theory]
    [InlineData("Make it red", "-Base64")]
    [InlineData("emulate:base64", "")]
    [InlineData("emulate:data-uri", "")]
    public async Task An_image_as_text_is_written_as_well(string prompt, string parameters)
    {
        ScriptRun run = (await RunAsync($"Invoke-QwenImageEdit a.png '{prompt}' -Transport Sync {parameters}")).WithoutErrors();

        Assert.Equal("Received", run.Text(0, "Status"));
        Assert.Equal([ApiRoute.Sync], Routes());
        Assert.Equal(await File.ReadAllBytesAsync(Folder["a.png"]), await File.ReadAllBytesAsync(Folder["a-edited.png"]));
    }

    [Theory]
    [InlineData("Async", "Sync")]
    [InlineData("Sync", "Async")]
    public async Task An_edit_is_the_same_by_either_way(string first, string second)
    {
        (await RunAsync($"Invoke-QwenImageEdit a.png 'Make it red' -Transport {first}")).WithoutErrors();
        int requests = Emulator.Ledger.Requests.Count;

        ScriptRun run = (await RunAsync($"Invoke-QwenImageEdit a.png 'Make it red' -Transport {second}")).WithoutErrors();

        Assert.Equal("Skipped", run.Text(0, "Status"));
        Assert.Equal(requests, Emulator.Ledger.Requests.Count);
    }

    [Fact]
    public async Task A_job_that_was_submitted_is_received_and_not_sent_again()
    {
        (await RunAsync("Submit-QwenImageEdit a.png 'Make it red'")).WithoutErrors();

        ScriptRun run = (await RunAsync(Edit)).WithoutErrors();

        Assert.Equal("Resumed", run.Text(0, "Status"));
        Assert.DoesNotContain(ApiRoute.Sync, Routes());
    }

    [Theory]
    [InlineData(FaultKind.ResetAfterReading, 0)]
    [InlineData(FaultKind.ResetAfterAccepting, 1)]
    public async Task A_connection_that_breaks_before_the_answer_leaves_the_outcome_unknown(FaultKind kind, int jobs)
    {
        Emulator.Faults.Add(new Fault { Kind = kind, Route = ApiRoute.Sync, Next = 1 });

        (await RunAsync(Edit)).SingleError(EditError.OutcomeUnknown);
        ScriptRun again = await RunAsync(Edit);

        again.SingleError(EditError.OutcomeUnknown);
        Assert.Equal("Unknown", again.Text(0, "Status"));
        Assert.Single(Emulator.Ledger.RequestsOn(ApiRoute.Sync));
        Assert.Equal(jobs, Emulator.Ledger.Jobs.Count);
        Assert.Equal("Received", (await RunAsync(Edit + " -Resubmit Unknown")).WithoutErrors().Text(0, "Status"));
    }

    [Theory]
    [InlineData(FaultKind.ResetInResponse, "Make it red")]
    [InlineData(FaultKind.EndInResponse, "Make it red")]
    [InlineData(FaultKind.ResetInResponse, "emulate:base64")]
    public async Task An_answer_that_breaks_off_is_received_by_its_request_id(FaultKind kind, string prompt)
    {
        Emulator.Faults.Add(new Fault { Kind = kind, Route = ApiRoute.Sync, Next = 1, AfterBytes = 40 });

        ScriptRun run = (await RunAsync($"Invoke-QwenImageEdit a.png '{prompt}' -Transport Sync -RunVariable run; $run")).WithoutErrors();

        Assert.Equal("Received", run.Text(0, "Status"));
        Assert.Contains("broke off", Assert.Single(run.Warnings), StringComparison.Ordinal);
        Assert.Equal(0.0125m, run.Output[1].Properties["Cost"].Value);
        Assert.Single(Emulator.Ledger.Jobs);
        Assert.Equal(["a-edited.png", "a.png"], Folder.Files);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_and_whose_job_the_service_does_not_know_is_expired()
    {
        Emulator.Faults.Add(new Fault { Kind = FaultKind.ResetInResponse, Route = ApiRoute.Sync, Next = 1, AfterBytes = 40 });

        (await RunAsync("Invoke-QwenImageEdit a.png 'emulate:expired' -Transport Sync -TimeoutSec 2")).SingleError(EditError.TimedOut);
        MakeOlder(TimeSpan.FromMinutes(2));
        (await RunAsync("Invoke-QwenImageEdit a.png 'emulate:expired' -Transport Sync")).SingleError(EditError.RecordExpired);
        // With the account's request history, it is traced to its output.
        ScriptRun run = (await RunAsync($"Invoke-QwenImageEdit a.png 'emulate:expired' -Transport Sync -HistoryEndpoint {Emulator.HistoryEndpoint}")).WithoutErrors();

        Assert.Equal("Resumed", run.Text(0, "Status"));
        Assert.Single(Emulator.Ledger.Jobs);
    }

    [Theory]
    [InlineData(502, FaultKind.Answer)]
    [InlineData(504, FaultKind.AnswerAfterAccepting)]
    [InlineData(200, FaultKind.AnswerAfterAccepting)]
    public async Task The_page_of_something_in_between_is_believed_in_nothing(int status, FaultKind kind)
    {
        Emulator.Faults.Add(new Fault { Kind = kind, Route = ApiRoute.Sync, Status = status, Body = Page, ContentType = "text/html", Next = 1 });

        (await RunAsync(Edit)).SingleError(EditError.OutcomeUnknown);

        Assert.Single(Emulator.Ledger.Requests);
    }

    [Fact]
    public async Task A_504_is_unknown_even_from_the_gateway()
    {
        Emulator.Faults.Add(new Fault { Kind = FaultKind.AnswerAfterAccepting, Route = ApiRoute.Sync, Status = 504, Next = 1 });

        (await RunAsync(Edit)).SingleError(EditError.OutcomeUnknown);

        Assert.Single(Emulator.Ledger.Requests);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task What_made_no_job_is_sent_again(int status)
    {
        Emulator.Faults.Add(new Fault
        {
            Kind = FaultKind.Answer,
            Route = ApiRoute.Sync,
            Status = status,
            Next = 1,
            Headers = new Dictionary<string, string> { ["Retry-After"] = "1" },
        });

        Assert.Equal("Received", (await RunAsync(Edit)).WithoutErrors().Text(0, "Status"));

        Assert.Equal([ApiRoute.Sync, ApiRoute.Sync], Routes());
    }

    [Fact]
    public async Task A_job_that_failed_by_a_422_is_failed_and_may_be_sent_again()
    {
        Emulator.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Sync, Status = 422, Next = 1 });

        ScriptRun run = await RunAsync(Edit);

        run.SingleError(EditError.JobFailed);
        Assert.Equal("Failed", run.Text(0, "Status"));
        Assert.Equal("Received", (await RunAsync(Edit)).WithoutErrors().Text(0, "Status"));
    }

    [Theory]
    [InlineData("'Make it red' -ApiKey SG_fedcba9876543210", EditError.ApiKeyRejected)]
    [InlineData("'emulate:cost=1000'", EditError.InsufficientCredits)]
    public async Task A_fatal_answer_stops_the_submitting(string promptAndKey, EditError error)
    {
        Folder.Images("b.png", "c.png");

        ScriptRun run = await RunAsync($"Invoke-QwenImageEdit ?.png {promptAndKey} -Transport Sync -ThrottleLimit 1");

        Assert.Equal([error.ToString(), "SubmissionStopped"], run.ErrorNames());
        Assert.Single(Emulator.Ledger.Requests);
    }

    [Fact]
    public async Task A_job_that_takes_longer_than_TimeoutSec_is_unknown_and_RequestTimeoutSec_does_not_bound_it()
    {
        ScriptRun slow = await RunAsync("Invoke-QwenImageEdit a.png 'emulate:seconds=3' -Transport Sync -RequestTimeoutSec 1");
        ScriptRun slower = await RunAsync("Invoke-QwenImageEdit a.png 'emulate:seconds=60' -Transport Sync -TimeoutSec 1 -Force");

        Assert.Equal("Received", slow.WithoutErrors().Text(0, "Status"));
        slower.SingleError(EditError.OutcomeUnknown);
    }

    [Fact]
    public async Task An_image_that_can_not_be_kept_is_named_by_its_request_id()
    {
        Emulator.Faults.Add(new Fault { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Sync, Delay = TimeSpan.FromMinutes(5) });
        Task<ScriptRun> running = RunAsync(Edit);
        await Until.TrueAsync(() => Emulator.Ledger.Jobs.Count == 1, "the job is accepted");
        Folder.Text("a-edited.png", "somebody else's");
        Emulator.Clock.Advance(TimeSpan.FromMinutes(5));

        string error = (await running).SingleError(EditError.DestinationExists).ToString();
        ScriptRun received = (await RunAsync($"Receive-QwenEditResult {Emulator.Ledger.Jobs[0].RequestId} -DestinationPath b.png")).WithoutErrors();

        Assert.Contains(Emulator.Ledger.Jobs[0].RequestId, error, StringComparison.Ordinal);
        Assert.Equal("Received", received.Text(0, "Status"));
        Assert.Equal("somebody else's", await File.ReadAllTextAsync(Folder["a-edited.png"]));
    }

    [Fact]
    public async Task What_a_call_may_cost_holds_for_it()
    {
        Folder.Images("b.png", "c.png");

        ScriptRun run = await RunAsync("Invoke-QwenImageEdit ?.png 'Make it red' -Transport Sync -MaxCost 0.03");

        Assert.Equal("MaxCostReached", Assert.Single(run.ErrorNames()));
        Assert.Equal(2, Emulator.Ledger.Jobs.Count);
    }

    [Fact]
    public async Task A_file_that_was_lost_is_traced_by_the_history()
    {
        (await RunAsync(Edit)).WithoutErrors();
        File.Delete(Folder["a-edited.png"]);

        ScriptRun without = await RunAsync(Edit);
        ScriptRun with = await RunAsync($"{Edit} -HistoryEndpoint {Emulator.HistoryEndpoint}");

        without.SingleError(EditError.RecordExpired);
        Assert.Equal("Resumed", with.WithoutErrors().Text(0, "Status"));
        Assert.Single(Emulator.Ledger.Jobs);
    }

    private IEnumerable<ApiRoute> Routes() => Emulator.Ledger.Requests.Select(request => request.Route);
}
