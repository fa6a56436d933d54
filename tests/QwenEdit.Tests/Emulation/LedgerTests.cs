using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using QwenEdit.Commands.Parameters;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Jobs;
using QwenEdit.Emulator.Records;

namespace QwenEdit.Tests.Emulation;

/// <summary>The books are exact, also when thousands of requests come at once.</summary>
public sealed class LedgerTests : EmulatorTest
{
    private const int Requests = 4000;

    [Fact]
    public async Task Thousands_of_parallel_requests_are_booked_to_the_last_one()
    {
        // Enough for 1,500 of the 3,000 good jobs. A tenth is answered 503 and a twentieth reset, with and without a job.
        await StartAsync(new EmulatorOptions { Credits = 1500 * 0.0364m });
        Service.Faults.Add(new Fault { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = 503, Share = 0.1 });
        Service.Faults.Add(new Fault { Kind = FaultKind.ResetAfterAccepting, Route = ApiRoute.Submit, Share = 0.05 });
        var seen = new int[600];
        var lost = 0;

        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = Soon }, async (i, token) =>
        {
            try
            {
                var prompt = i % 4 == 0 ? "emulate:fail" : "x";
                var answer = await PostAsync(Model, Body(prompt));
                Interlocked.Increment(ref seen[(int)answer.Status]);
            }
            catch (HttpRequestException)
            {
                Interlocked.Increment(ref lost);
            }
        });
        Pass(100_000);

        var requests = Service.Ledger.Requests;
        var jobs = Service.Ledger.Jobs;
        Assert.Equal(Requests, requests.Count);
        Assert.Equal(Enumerable.Range(1, Requests), requests.Select(request => (int)request.Number));
        Assert.Equal(seen[200], requests.Count(request => request.Status == 200));
        Assert.Equal(seen[503], requests.Count(request => request.Status == 503));
        Assert.Equal(seen[406], requests.Count(request => request.Status == 406));
        Assert.Equal(lost, requests.Count(request => request.Fault == "reset-after-accepting" && request.Status == 0));
        Assert.Equal(Requests, seen[200] + seen[503] + seen[406] + lost);
        Assert.Equal(jobs.Count, requests.Count(request => request.RequestId is not null));
        Assert.Equal(jobs.Count, jobs.Select(job => job.RequestId).Distinct().Count());

        var completed = jobs.Count(job => job.State is JobState.Completed);
        Assert.Equal(jobs.Count, completed + jobs.Count(job => job.State is JobState.Failed && job.Billed == 0));
        Assert.Equal(completed * 0.0364m, Service.Ledger.Billed);
        var credits = (await GetAsync("/v1/get-user-credits")).Json["credits"]!.GetValue<decimal>();
        Assert.Equal((1500 * 0.0364m) - Service.Ledger.Billed, credits);
        Assert.True(credits >= 0);
    }

    [Fact]
    public async Task Polls_and_fetches_are_counted_exactly()
    {
        var result = await EditAsync();
        var id = result.Text("request_id");

        await Parallel.ForAsync(0, 500, Soon, async (_, _) =>
        {
            await GetAsync($"/v2/requests/{id}/status");
            await DownloadAsync(result);
        });

        var job = Assert.Single(Service.Ledger.Jobs);
        Assert.Equal((501, 500), (job.Polls, job.Fetched));
    }

    [Fact]
    public async Task The_remaining_credits_go_down_in_the_order_of_completion()
    {
        var slow = await SubmitAsync("emulate:seconds=20");
        var fast = await SubmitAsync("emulate:seconds=5");
        Pass(30);

        Assert.Equal(99.9636m, (await GetAsync($"/v2/requests/{fast}")).Number("remaining_credits"));
        Assert.Equal(99.9272m, (await GetAsync($"/v2/requests/{slow}")).Number("remaining_credits"));
    }

    [Fact]
    public async Task An_entry_says_when_what_and_by_whom()
    {
        var body = Body().ToJsonString();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Service.Endpoint, Model));
        request.Headers.Add("x-api-key", Service.ApiKey);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request, Soon);

        var entry = Assert.Single(Service.Ledger.Requests);
        var job = Assert.Single(Service.Ledger.Jobs);
        Assert.Equal(
            new LedgerRequest(1, ApiRoute.Submit, "POST", Model, Time.GetUtcNow(), "SG_01…cdef", body.Length, 200, job.RequestId, null, entry.Headers),
            entry);
        Assert.Equal((JobState.Queued, Time.GetUtcNow(), null, null), (job.State, job.Accepted, job.Started, job.Finished));
    }

    [Fact]
    public async Task An_entry_has_the_headers_with_every_key_masked()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Service.Endpoint, "/v1/get-user-credits"));
        request.Headers.Add("x-api-key", Service.ApiKey);
        request.Headers.Add("Authorization", $"Bearer {Service.ApiKey}");
        request.Headers.Add("X-Initiator", "SDK-PY");
        request.Headers.Add("X-Trace", ["a", $"key={Service.ApiKey};"]);
        using var response = await Http.SendAsync(request, Soon);

        var headers = Assert.Single(Service.Ledger.Requests).Headers;

        Assert.Equal(
            ("SG_01…cdef", "Bearer SG_01…cdef", "SDK-PY", "a, key=SG_01…cdef;", Service.Endpoint.Authority),
            (headers["x-api-key"], headers["authorization"], headers["x-initiator"], headers["x-trace"], headers["host"]));
        var ledger = Encoding.UTF8.GetString((await GetAsync("/_emulator/ledger", key: null)).Bytes);
        Assert.Contains("\"x-initiator\": \"SDK-PY\"", ledger, StringComparison.Ordinal);
        Assert.DoesNotContain(Service.ApiKey, ledger, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_the_emulator_does_not_know_is_masked_too()
    {
        const string key = "SG_fedcba9876543210";
        await GetAsync("/v1/get-user-credits", key);

        Assert.DoesNotContain(key, string.Join('\n', Assert.Single(Service.Ledger.Requests).Headers.Values), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_is_listed_as_it_was_asked_for()
    {
        var id = await SubmitAsync();
        var undashed = id.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
        await GetAsync($"/v2/requests/{id}");
        await GetAsync($"/v2/requests/{undashed}");

        Assert.Equal([$"/v2/requests/{id}", $"/v2/requests/{undashed}"], Service.Ledger.RequestsOn(ApiRoute.Result).Select(request => request.Path));
    }

    [Fact]
    public async Task A_client_that_goes_away_while_it_sends_makes_no_job()
    {
        using (var connection = await new RawConnection(Service.Endpoint).OpenAsync(Soon))
        {
            await connection.SendAsync(connection.Head("POST", Model, Service.ApiKey, 1000) + "{\"prompt\":", Soon);
            while (Service.Ledger.Requests.Count == 0)
            {
                await Task.Yield();
            }
        }
        while (Service.Ledger.Requests[0].Bytes == 0)
        {
            await Task.Yield();
        }

        Assert.Equal(0, Assert.Single(Service.Ledger.Requests).Status);
        Assert.Empty(Service.Ledger.Jobs);
    }

    [Fact]
    public async Task A_key_that_is_sent_to_the_files_host_shows()
    {
        var result = await EditAsync();
        await SendAsync(HttpMethod.Get, result.Text("output"));
        await DownloadAsync(result);

        Assert.Equal(["SG_01…cdef", null], Service.Ledger.RequestsOn(ApiRoute.File).Select(request => request.KeyId));
    }
}
