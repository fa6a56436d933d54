using System.Net;
using QwenEdit.Commands.Parameters;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Records;
using QwenEdit.Imaging;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Tests.Emulation;

/// <summary>segmind-api.md, Asynchronous, v2.</summary>
public sealed class AsyncTests : EmulatorTest
{
    [Fact]
    public async Task A_POST_answers_200_with_the_id_QUEUED_and_three_URLs()
    {
        var answer = await PostAsync(Model, Body());

        var id = answer.Text("request_id");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.True(Guid.TryParse(id, out _));
        Assert.Equal("QUEUED", answer.Text("status"));
        Assert.Equal(new Uri(Service.Endpoint, $"/v1/requests/{id}").AbsoluteUri, answer.Text("poll_url"));
        Assert.Equal(new Uri(Service.Endpoint, $"/v2/requests/{id}/status").AbsoluteUri, answer.Text("status_url"));
        Assert.Equal(new Uri(Service.Endpoint, $"/v2/requests/{id}").AbsoluteUri, answer.Text("response_url"));
    }

    [Fact]
    public async Task The_states_pass_with_time()
    {
        var id = await SubmitAsync();
        var states = new List<string> { (await GetAsync($"/v2/requests/{id}/status")).Text("status") };
        Pass(2);
        states.Add((await GetAsync($"/v2/requests/{id}/status")).Text("status"));
        Pass(8);
        states.Add((await GetAsync($"/v2/requests/{id}/status")).Text("status"));

        Assert.Equal(["QUEUED", "PROCESSING", "COMPLETED"], states);
    }

    [Theory]
    [InlineData(RequestIdFormat.Dashed, "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    [InlineData(RequestIdFormat.Undashed, "^[0-9a-f]{32}$")]
    public async Task An_id_is_written_in_one_way_everywhere(RequestIdFormat format, string pattern)
    {
        await StartAsync(new() { RequestIds = format });
        var submitted = await PostAsync(Model, Body());
        var id = submitted.Text("request_id");

        var completed = await FinishAsync(id);

        Assert.Matches(pattern, id);
        Assert.EndsWith($"/v2/requests/{id}", submitted.Text("response_url"), StringComparison.Ordinal);
        Assert.Equal(id, completed.Text("request_id"));
        Assert.Equal(id, (await HistoryAsync($"request-history/{id}")).Text("request_id"));
        Assert.Equal(id, Assert.Single(Service.Ledger.Jobs).RequestId);
        Assert.All(Service.Ledger.Requests, request => Assert.Equal(id, request.RequestId));
    }

    [Fact]
    public async Task Metrics_are_empty_while_a_job_is_queued()
    {
        var id = await SubmitAsync();

        Assert.Equal("{}", (await GetAsync($"/v2/requests/{id}/status")).Json["metrics"]!.ToJsonString());
        Assert.Equal("{}", (await GetAsync($"/v2/requests/{id}")).Json["metrics"]!.ToJsonString());
        Pass(2);
        Assert.Equal(0.5m, (await GetAsync($"/v2/requests/{id}/status")).Number("queue_time"));
    }

    [Fact]
    public async Task A_completed_job_has_an_error_of_null()
    {
        var id = await SubmitAsync();
        Assert.False((await GetAsync($"/v2/requests/{id}")).Json.ContainsKey("error"));

        var completed = await FinishAsync(id);

        Assert.True(completed.Json.ContainsKey("error"));
        Assert.Null(completed.Json["error"]);
    }

    [Fact]
    public async Task More_jobs_than_workers_queue()
    {
        await StartAsync(new() { Workers = 1 });
        await SubmitAsync();
        var second = await SubmitAsync();

        Pass(9);
        Assert.Equal("QUEUED", (await GetAsync($"/v2/requests/{second}/status")).Text("status"));
        Pass(2);
        Assert.Equal("PROCESSING", (await GetAsync($"/v2/requests/{second}/status")).Text("status"));
        Pass(9);
        var done = await GetAsync($"/v2/requests/{second}");
        Assert.Equal("COMPLETED", done.Text("status"));
        Assert.Equal(10m, done.Number("queue_time"));
    }

    [Fact]
    public async Task The_status_has_metrics_and_no_output()
    {
        var id = (await EditAsync()).Text("request_id");

        var status = await GetAsync($"/v2/requests/{id}/status");

        Assert.Equal(id, status.Text("request_id"));
        Assert.NotNull(status.Json["metrics"]);
        Assert.Null(status.Json["output"]);
        Assert.Null(status.Json["images"]);
    }

    [Theory]
    [InlineData("/v2/requests/")]
    [InlineData("/v1/requests/")]
    public async Task The_result_has_everything(string path)
    {
        var id = (await EditAsync("把 '1000元' 改成 '5元'", ("seed", 7))).Text("request_id");

        var result = await GetAsync(path + id);

        Assert.Equal("COMPLETED", result.Text("status"));
        Assert.Equal("把 '1000元' 改成 '5元'", result.Text("prompt"));
        Assert.Equal(7, result.Json["seed"]!.GetValue<long>());
        var image = result.Json["images"]![0]!;
        Assert.Equal(result.Text("output"), image["url"]!.GetValue<string>());
        Assert.Equal("image/png", image["content_type"]!.GetValue<string>());
        Assert.EndsWith(image["file_name"]!.GetValue<string>(), result.Text("output"), StringComparison.Ordinal);
        Assert.Equal(TestImages.Png.Length, image["file_size"]!.GetValue<long>());
        Assert.Equal(0.0364m, result.Number("cost"));
        Assert.Equal(99.9636m, result.Number("remaining_credits"));
        Assert.Equal((9.5m, 0.5m, 10m), (result.Number("inference_time"), result.Number("queue_time"), result.Number("total_time")));
        Assert.Null(result.Json["metrics"]!["retry_count"]);
    }

    [Fact]
    public async Task With_base64_the_output_is_the_text()
    {
        var result = await EditAsync("x", ("base64", true));

        Assert.Equal(TestImages.Png, Convert.FromBase64String(result.Text("output")));
    }

    [Theory]
    [InlineData("/v2/requests/{0}")]
    [InlineData("/v2/requests/{0}/status")]
    public async Task A_failed_job_is_422_with_its_error_and_without_cost(string path)
    {
        var id = (await EditAsync("emulate:fail")).Text("request_id");

        var answer = await GetAsync(string.Format(null, path, id));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal("FAILED", answer.Text("status"));
        Assert.NotEmpty(answer.Text("error"));
        Assert.Equal("""{"queue_time":0.5,"inference_time":9.5}""", answer.Json["metrics"]!.ToJsonString());
    }

    [Fact]
    public async Task A_content_policy_block_arrives_the_same_way() =>
        (await EditAsync("emulate:policy")).Is(HttpStatusCode.UnprocessableEntity, "content policy");

    [Fact]
    public async Task A_record_lives_for_an_hour_after_submission()
    {
        var id = await SubmitAsync();

        Pass(3599);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"/v2/requests/{id}")).Status);
        Pass(1);
        foreach (var path in (string[])[$"/v2/requests/{id}", $"/v2/requests/{id}/status", $"/v1/requests/{id}"])
        {
            (await GetAsync(path)).Is(HttpStatusCode.NotFound, $"Request {id} not found");
        }
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("nonsense")]
    public async Task An_unknown_id_is_404(string id) =>
        (await GetAsync($"/v2/requests/{id}")).Is(HttpStatusCode.NotFound, $"Request {id} not found");

    [Fact]
    public async Task Another_accounts_id_is_404()
    {
        var id = await SubmitAsync();
        await PostAsync("/_emulator/keys", new System.Text.Json.Nodes.JsonObject { ["key"] = "SG_1111111111111111" });

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/v2/requests/{id}", key: "SG_1111111111111111")).Status);
    }

    [Fact]
    public async Task The_file_is_on_another_host_needs_no_key_and_lives_7_days()
    {
        var result = await EditAsync();
        Assert.Equal(Service.FilesEndpoint.Authority, new Uri(result.Text("output")).Authority);

        Pass(TimeSpan.FromDays(7).TotalSeconds - 51);
        var file = await DownloadAsync(result);
        Assert.Equal("image/png", file.Content.ContentType!.MediaType);
        Assert.Equal(TestImages.Png, file.Bytes);

        Pass(60);
        Assert.Equal(HttpStatusCode.NotFound, (await DownloadAsync(result)).Status);
    }

    [Fact]
    public async Task A_files_address_can_t_be_guessed_from_the_id()
    {
        var result = await EditAsync();
        var forged = result.Text("output")[..^8] + "0000.png";

        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, forged, key: null)).Status);
    }

    [Fact]
    public async Task Every_POST_is_a_new_job_and_billed()
    {
        Assert.NotEqual(await SubmitAsync(), await SubmitAsync());
        Pass(60);

        Assert.Equal(2 * 0.0364m, Service.Ledger.Billed);
    }
}
