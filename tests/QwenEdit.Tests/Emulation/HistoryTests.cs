using System.Net;
using System.Text.Json.Nodes;
using QwenEdit.Emulator;

namespace QwenEdit.Tests.Emulation;

/// <summary>segmind-api.md, The account's request history.</summary>
public sealed class HistoryTests : EmulatorTest
{
    [Fact]
    public async Task A_row_tells_what_was_asked_and_what_came_of_it()
    {
        var result = await EditAsync("x", ("seed", 7), ("my_tag", "row 12"));

        var row = Assert.Single(await RowsAsync())!;

        Assert.Equal(result.Text("request_id"), Text(row, "request_id"));
        Assert.Equal("qwen-image-edit-fast", Text(row, "model_name"));
        Assert.Equal("COMPLETED", Text(row, "model_status"));
        Assert.Equal(0.0364m, row["credits_deduction"]!.GetValue<decimal>());
        Assert.Equal(10_000, row["latency_ms"]!.GetValue<int>());
        Assert.Equal(result.Text("output"), Text(row, "generation_url"));
        Assert.Equal("2026-10-01T12:00:20Z", Text(row, "model_created"));
        Assert.Equal("COMPLETED", Text(row, "status"));
        Assert.True(row.AsObject().ContainsKey("error") && row["error"] is null);
        Assert.Equal("x", Text(row, "prompt"));
        Assert.Equal(7, row["parameters"]!["seed"]!.GetValue<int>());
        Assert.Equal(["prompt", "seed", "my_tag"], row["request_body"]!.AsObject().Select(field => field.Key));
        Assert.Equal(7, row["request_body"]!["seed"]!.GetValue<int>());
    }

    [Fact]
    public async Task Failed_and_in_flight_requests_are_included_and_can_be_filtered()
    {
        await SubmitAsync("done");
        await SubmitAsync("emulate:fail");
        Pass(60);
        await SubmitAsync("still at it");

        Assert.Equal(["PENDING", "FAILED", "COMPLETED"], (await RowsAsync()).Select(row => Text(row, "model_status")));
        var failed = Assert.Single(await RowsAsync("?status=FAILED"));
        Assert.NotEmpty(Text(failed, "error"));
        Assert.Equal(0, failed!["credits_deduction"]!.GetValue<decimal>());
        Assert.Single(await RowsAsync("?status=PENDING"));
        Assert.Single(await RowsAsync("?status=COMPLETED"));
    }

    [Fact]
    public async Task One_request_of_any_age_is_found_by_its_id()
    {
        var result = await EditAsync();
        Pass(TimeSpan.FromDays(400).TotalSeconds);

        var answer = await HistoryAsync($"request-history/{result.Text("request_id")}");

        Assert.Equal(result.Text("request_id"), answer.Text("request_id"));
        Assert.Equal("COMPLETED", answer.Text("model_status"));
        Assert.Equal(HttpStatusCode.NotFound, (await HistoryAsync($"request-history/{Guid.NewGuid()}")).Status);
    }

    [Fact]
    public async Task The_list_is_paged_20_to_a_page()
    {
        for (var i = 0; i < 25; i++)
        {
            await SubmitAsync($"job {i}");
            Pass(1);
        }

        var first = await RowsAsync();
        var second = await RowsAsync("?page=2");
        var small = await RowsAsync("?per_page=3&page=2");

        Assert.Equal((20, 5, 3), (first.Count, second.Count, small.Count));
        Assert.Equal("job 24", Text(first[0]!["request_body"]!, "prompt"));
        Assert.Equal("job 21", Text(small[0]!["request_body"]!, "prompt"));
        Assert.Empty(await RowsAsync("?page=3"));
    }

    [Fact]
    public async Task It_sorts_by_time_name_or_cost_in_either_order()
    {
        await SubmitAsync("first emulate:cost=0.5");
        Pass(1);
        await SubmitAsync("second");
        Pass(60);

        Assert.Equal("second", await FirstAsync(""));
        Assert.Equal("first emulate:cost=0.5", await FirstAsync("?sort_order=asc"));
        Assert.Equal("first emulate:cost=0.5", await FirstAsync("?sort_by=credits_deduction"));
        Assert.Equal("second", await FirstAsync("?sort_by=credits_deduction&sort_order=asc"));
        Assert.Equal("second", await FirstAsync("?sort_by=model_name"));

        async Task<string> FirstAsync(string query) => Text((await RowsAsync(query))[0]!["request_body"]!, "prompt");
    }

    [Fact]
    public async Task Dates_are_inclusive_and_default_to_the_last_7_days()
    {
        await SubmitAsync();
        Pass(TimeSpan.FromDays(7).TotalSeconds);
        Assert.Single(await RowsAsync());
        Pass(TimeSpan.FromDays(1).TotalSeconds);
        Assert.Empty(await RowsAsync());

        Assert.Single(await RowsAsync("?from_date=2026-10-01&to_date=2026-10-01"));
        Assert.Empty(await RowsAsync("?from_date=2026-10-02&to_date=2026-10-09"));
        Assert.Single(await RowsAsync("?from_date=2026-10-01&to_date=2026-11-01"));
    }

    [Theory]
    [InlineData("?from_date=2026-10-01&to_date=2026-11-02")]
    [InlineData("?from_date=2026-10-02&to_date=2026-10-01")]
    [InlineData("?from_date=yesterday")]
    [InlineData("?page=0")]
    [InlineData("?per_page=101")]
    [InlineData("?status=DONE")]
    [InlineData("?sort_by=prompt")]
    public async Task What_is_out_of_range_is_400(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await HistoryAsync("request-history" + query)).Status);

    [Fact]
    public async Task Models_are_found_by_a_part_of_the_name()
    {
        await SubmitAsync();

        Assert.Single(await RowsAsync("?model_name=image-edit"));
        Assert.Empty(await RowsAsync("?model_name=flux"));
    }

    [Theory]
    [InlineData(HistoryBody.Omitted, 0)]
    [InlineData(HistoryBody.Cut, 64)]
    [InlineData(HistoryBody.Whole, int.MaxValue)]
    public async Task Inline_images_are_kept_only_if_asked_for(HistoryBody kept, int characters)
    {
        await StartAsync(new EmulatorOptions { HistoryBody = kept });
        await SubmitAsync();

        var row = Assert.Single(await RowsAsync())!;

        var length = Math.Min(TestImages.DataUri.Length, "data:image/png;base64,".Length + (long)characters);
        Assert.Equal(characters == 0 ? null : TestImages.DataUri[..(int)length], row["request_body"]!["image"]?.GetValue<string>());
        Assert.False(row["parameters"]!.AsObject().ContainsKey("image"));
    }

    [Fact]
    public async Task It_leaves_images_out_unless_asked()
    {
        await SubmitAsync();

        Assert.False(Assert.Single(await RowsAsync())!["request_body"]!.AsObject().ContainsKey("image"));
    }

    [Fact]
    public async Task It_is_filtered_by_user()
    {
        await SubmitAsync();
        var row = Assert.Single(await RowsAsync())!;

        Assert.Single(await RowsAsync($"?user_id={Text(row, "user_id")}"));
        Assert.Single(await RowsAsync($"?user_email={Text(row, "user_email")}"));
        Assert.Empty(await RowsAsync($"?user_id={Guid.NewGuid()}"));
        Assert.Empty(await RowsAsync("?user_email=somebody@example.com"));
    }

    [Fact]
    public async Task A_request_may_show_up_late()
    {
        await StartAsync(new EmulatorOptions { HistoryDelay = TimeSpan.FromSeconds(30) });
        await SubmitAsync();

        Assert.Empty(await RowsAsync());
        Pass(30);
        Assert.Single(await RowsAsync());
    }

    [Fact]
    public async Task It_may_not_be_there_at_all()
    {
        await StartAsync(new EmulatorOptions { History = false });

        Assert.Equal(HttpStatusCode.NotFound, (await HistoryAsync("request-history")).Status);
    }

    [Fact]
    public async Task It_takes_the_same_key_and_shows_only_that_accounts_requests()
    {
        await SubmitAsync();
        await PostAsync("/_emulator/keys", new JsonObject { ["key"] = "SG_1111111111111111" });

        Assert.Equal(HttpStatusCode.Unauthorized, (await HistoryAsync("request-history", key: null)).Status);
        Assert.Empty((await HistoryAsync("request-history", key: "SG_1111111111111111")).Json["data"]!.AsArray());
    }

    [Fact]
    public async Task The_older_list_has_outputs_only()
    {
        await SubmitAsync("emulate:fail");
        var result = await EditAsync();

        var row = Assert.Single((await HistoryAsync("generations?start_date=2026-10-01&end_date=2026-10-01")).Json["data"]!.AsArray());

        Assert.Equal(result.Text("output"), Text(row, "generation_url"));
    }

    private async Task<JsonArray> RowsAsync(string query = "") => (await HistoryAsync("request-history" + query)).Json["data"]!.AsArray();

    private static string Text(JsonNode? node, string name) => node![name]!.GetValue<string>();
}
