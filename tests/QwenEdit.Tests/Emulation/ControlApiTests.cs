using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using QwenEdit.Imaging;

namespace QwenEdit.Tests.Emulation;

/// <summary>The control API and the status page, as the README documents them.</summary>
public sealed class ControlApiTests : EmulatorTest
{
    [Fact]
    public async Task The_ledger_lists_requests_and_jobs()
    {
        var result = await EditAsync("x", ("seed", 7));
        await DownloadAsync(result);

        var ledger = (await GetAsync("/_emulator/ledger", key: null)).Json;

        Assert.Equal(0.0364m, ledger["billed"]!.GetValue<decimal>());
        var job = Assert.Single(ledger["jobs"]!.AsArray())!;
        Assert.Equal(result.Text("request_id"), job["request_id"]!.GetValue<string>());
        Assert.Equal("completed", job["state"]!.GetValue<string>());
        Assert.Equal((1, 1), (job["polls"]!.GetValue<int>(), job["fetched"]!.GetValue<int>()));
        Assert.Equal(7, job["seed"]!.GetValue<int>());
        Assert.Equal(
            ["submit", "result", "file"],
            ledger["requests"]!.AsArray().Select(request => request!["route"]!.GetValue<string>()));
        Assert.Equal("SG_01…cdef", job["key_id"]!.GetValue<string>());
        Assert.DoesNotContain(Service.ApiKey, ledger.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_are_listed_as_they_were_given_with_what_is_left_of_them()
    {
        await PostAsync("/_emulator/faults", JsonNode.Parse("""{"kind": "answer", "route": "credits", "skip": 1, "next": 3, "delay_seconds": 1.5}""")!);
        await GetAsync("/v1/get-user-credits");
        await GetAsync("/v1/get-user-credits");

        using var answer = await Http.GetAsync(new Uri(Service.Endpoint, "/_emulator/faults"), Soon);
        var fault = Assert.Single(JsonNode.Parse(await answer.Content.ReadAsStringAsync(Soon))!.AsArray())!;

        Assert.Equal(
            ("answer", "credits", 0, 2, 1.5),
            (fault["kind"]!.GetValue<string>(), fault["route"]!.GetValue<string>(), fault["skip"]!.GetValue<int>(),
             fault["next"]!.GetValue<int>(), fault["delay_seconds"]!.GetValue<double>()));
    }

    [Fact]
    public async Task The_clock_can_be_read_and_advanced()
    {
        var answer = await PostAsync("/_emulator/clock/advance", new JsonObject { ["hours"] = 1, ["seconds"] = 30 }, key: null);

        Assert.Equal(3630, answer.Json["ahead_seconds"]!.GetValue<double>());
        Assert.Equal(Time.GetUtcNow() + TimeSpan.FromSeconds(3630), Service.Clock.Now);
        Assert.Equal(3630, (await GetAsync("/_emulator/clock")).Json["ahead_seconds"]!.GetValue<double>());
    }

    [Fact]
    public async Task Time_that_passes_beneath_the_clock_counts_too()
    {
        var answer = PostAsync("/v1/qwen-image-edit-fast", Body());
        while (Service.Ledger.Jobs.Count == 0)
        {
            await Task.Yield();
        }

        Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(HttpStatusCode.OK, (await answer).Status);
    }

    [Fact]
    public async Task Keys_are_added_and_changed()
    {
        await PostAsync("/_emulator/keys", new JsonObject { ["key"] = "SG_1111111111111111", ["credits"] = 5 }, key: null);
        Assert.Equal(5m, (await GetAsync("/v1/get-user-credits", key: "SG_1111111111111111")).Json["credits"]!.GetValue<decimal>());

        await PostAsync("/_emulator/keys", new JsonObject { ["key"] = "SG_1111111111111111", ["state"] = "expired" }, key: null);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/v1/get-user-credits", key: "SG_1111111111111111")).Status);
    }

    [Fact]
    public async Task A_reset_starts_anew()
    {
        var id = (await EditAsync()).Text("request_id");
        Service.Faults.Add(new() { Kind = QwenEdit.Emulator.Faults.FaultKind.Answer, Skip = 1000 });

        await PostAsync("/_emulator/reset", new JsonObject(), key: null);

        Assert.Empty(Service.Ledger.Jobs);
        Assert.Empty(Service.Ledger.Requests);
        Assert.Empty(Service.Faults.Active);
        Assert.Equal(TimeSpan.Zero, Service.Clock.Ahead);
        Assert.Equal(100m, (await GetAsync("/v1/get-user-credits")).Json["credits"]!.GetValue<decimal>());
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/v2/requests/{id}")).Status);
    }

    [Theory]
    [InlineData("/_emulator/faults", """{"kind": "answer", "sttus": 503}""", "sttus is no field of it. The fields are kind, route, name, skip, next, share, status")]
    [InlineData("/_emulator/faults", """{"kind": "explode"}""", "\"explode\" is no value of kind. It is one of answer, answer-after-accepting, delay-reading")]
    [InlineData("/_emulator/faults", """{"kind": "answer", "route": 5}""", "5 is no value of route. It is one of any, submit, sync")]
    [InlineData("/_emulator/faults", """{"kind": "answer", "next": "3"}""", "\"3\" is no value of next. It is an integer")]
    [InlineData("/_emulator/faults", """{"kind": "answer", "headers": ["a"]}""", "is no value of headers. It is an object of texts")]
    [InlineData("/_emulator/faults", """{"kind": "answer", "next": 0}""", "at least 1")]
    [InlineData("/_emulator/faults", """{"route": "submit"}""", "kind is missing")]
    [InlineData("/_emulator/faults", """[5]""", "A JSON object is expected")]
    [InlineData("/_emulator/clock/advance", """{"seconds": -1}""", "only moves forward")]
    [InlineData("/_emulator/keys", """{"credits": 5}""", "key is missing")]
    [InlineData("/_emulator/keys", """{"key": "SG_1111111111111111", "state": "dead"}""", "one of active, expired, forbidden, no-balance")]
    [InlineData("/_emulator/keys", "null", "A JSON object is expected")]
    [InlineData("/_emulator/keys", "{", "JSON")]
    public async Task Mistakes_are_told_with_what_would_be_right(string path, string body, string told)
    {
        var (status, error) = await PostTextAsync(path, body, "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.DoesNotContain("QwenEdit", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_path_is_404_and_the_known_ones_are_named() =>
        (await GetAsync("/_emulator/legder")).Is(HttpStatusCode.NotFound, "GET /_emulator/status, /ledger");

    /// <summary>A page of any site can have its visitor's browser POST a form here, but not JSON.</summary>
    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData(null)]
    public async Task Only_JSON_changes_anything(string? type)
    {
        await SubmitAsync();
        foreach (var path in (string[])["/_emulator/reset", "/_emulator/faults", "/_emulator/keys", "/_emulator/clock/advance"])
        {
            var (status, error) = await PostTextAsync(path, """{"kind": "answer"}""", type);
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);
            Assert.Contains("application/json", error, StringComparison.Ordinal);
        }

        Assert.Single(Service.Ledger.Jobs);
        Assert.Empty(Service.Faults.Active);
        Assert.Equal(TimeSpan.Zero, Service.Clock.Ahead);
    }

    [Fact]
    public async Task The_status_page_is_one_file_without_external_assets()
    {
        var page = await GetAsync("/", key: null);

        var html = Encoding.UTF8.GetString(page.Bytes);
        Assert.Equal("text/html", page.Content.ContentType!.MediaType);
        Assert.DoesNotContain("src=\"http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"http", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_polls_what_it_shows()
    {
        await StartAsync(new(), edit: true);
        var id = (await EditAsync()).Text("request_id");
        await SubmitAsync("emulate:queued");

        var status = (await GetAsync("/_emulator/status", key: null)).Json;
        var before = await GetAsync($"/_emulator/jobs/{id}/before", key: null);
        var after = await GetAsync($"/_emulator/jobs/{id}/after", key: null);

        Assert.Equal("""{"queued":1,"processing":0,"completed":1,"failed":0}""", status["counts"]!.ToJsonString());
        Assert.Equal("emulate:queued", status["jobs"]![0]!["prompt"]!.GetValue<string>());
        Assert.All([before, after], thumbnail => Assert.Equal("image/jpeg", thumbnail.Content.ContentType!.MediaType));
        Assert.NotEqual(before.Bytes, after.Bytes);
    }

    private async Task<(HttpStatusCode Status, string Error)> PostTextAsync(string path, string body, string? type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (type is not null)
        {
            content.Headers.Add("Content-Type", type);
        }
        using var response = await Http.PostAsync(new Uri(Service.Endpoint, path), content, Soon);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Soon))!["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_books_know_nothing_of_it()
    {
        await GetAsync("/");
        await GetAsync("/_emulator/status");
        await GetAsync("/_emulator/ledger");

        Assert.Empty(Service.Ledger.Requests);
    }
}
