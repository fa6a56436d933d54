using System.Net;
using System.Text.Json.Nodes;
using QwenEdit.Imaging;

namespace QwenEdit.Tests.Emulation;

/// <summary>The README's table of test prompts, a row a test.</summary>
public sealed class TestPromptTests : EmulatorTest
{
    [Fact]
    public async Task Fail() => (await EditAsync("emulate:fail")).Is(HttpStatusCode.UnprocessableEntity, "failed");

    [Fact]
    public async Task Policy() => (await EditAsync("emulate:policy")).Is(HttpStatusCode.UnprocessableEntity, "policy");

    [Theory]
    [InlineData("emulate:queued", "QUEUED")]
    [InlineData("emulate:processing", "PROCESSING")]
    public async Task Queued_and_processing_stay_so(string prompt, string state)
    {
        var id = await SubmitAsync(prompt);
        Pass(3500);

        Assert.Equal(state, (await GetAsync($"/v2/requests/{id}/status")).Text("status"));
    }

    [Fact]
    public async Task Unknown_state()
    {
        var id = await SubmitAsync("emulate:unknown-state");
        Pass(5);
        Assert.Equal("WARMING_UP", (await GetAsync($"/v2/requests/{id}/status")).Text("status"));
        Pass(5);
        Assert.Equal("COMPLETED", (await GetAsync($"/v2/requests/{id}/status")).Text("status"));
    }

    [Fact]
    public async Task Seconds()
    {
        var id = await SubmitAsync("emulate:seconds=40.5");
        Pass(40.4);
        Assert.Equal("PROCESSING", (await GetAsync($"/v2/requests/{id}/status")).Text("status"));
        Pass(0.1);
        Assert.Equal("COMPLETED", (await GetAsync($"/v2/requests/{id}/status")).Text("status"));
    }

    [Fact]
    public async Task Cost() => Assert.Equal(2.5m, (await EditAsync("emulate:cost=2.5")).Number("cost"));

    [Fact]
    public async Task Expired()
    {
        var id = await SubmitAsync("emulate:expired");
        Pass(10);

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/v2/requests/{id}")).Status);
        Assert.Equal(0.0364m, Service.Ledger.Billed);
    }

    [Fact]
    public async Task Truncate() => Assert.Equal(TestImages.Png[..(TestImages.Png.Length / 2)], (await DownloadAsync(await EditAsync("emulate:truncate"))).Bytes);

    [Fact]
    public async Task Cut_off()
    {
        var completed = await EditAsync("emulate:cut-off");

        await Assert.ThrowsAsync<HttpRequestException>(() => DownloadAsync(completed));
        Assert.Equal("emulate:cut-off", Service.Ledger.Requests[^1].Fault);
    }

    [Fact]
    public async Task Html()
    {
        var file = await DownloadAsync(await EditAsync("emulate:html"));

        Assert.Equal((HttpStatusCode.OK, "text/html"), (file.Status, file.Content.ContentType!.MediaType));
    }

    [Fact]
    public async Task Empty() => Assert.Empty((await DownloadAsync(await EditAsync("emulate:empty"))).Bytes);

    [Fact]
    public async Task File_missing() => Assert.Equal(HttpStatusCode.NotFound, (await DownloadAsync(await EditAsync("emulate:file-missing"))).Status);

    [Fact]
    public async Task No_content_type() => Assert.Equal(
        "application/octet-stream", (await DownloadAsync(await EditAsync("emulate:no-content-type"))).Content.ContentType!.MediaType);

    [Fact]
    public async Task Wrong_format()
    {
        await StartAsync(new(), edit: true);

        var file = await DownloadAsync(await EditAsync("emulate:wrong-format", ("image_format", "png")));

        Assert.Equal([0xFF, 0xD8], file.Bytes[..2]);
    }

    [Theory]
    [InlineData("emulate:no-output", "status,request_id,error,seed,prompt,metrics")]
    [InlineData("emulate:output-only", "status,request_id,output,metrics")]
    [InlineData("emulate:images-only", "status,request_id,error,images,seed,prompt,metrics")]
    [InlineData("emulate:no-metrics", "status,request_id,error,output,images,seed,prompt")]
    [InlineData("emulate:output-only emulate:no-metrics", "status,request_id,output")]
    public async Task Keys_may_be_missing(string prompt, string keys) =>
        Assert.Equal(keys, string.Join(',', (await EditAsync(prompt)).Json.Select(field => field.Key)));

    [Fact]
    public async Task Data_uri_and_base64()
    {
        Assert.Equal(TestImages.DataUri, (await EditAsync("emulate:data-uri")).Text("output"));
        Assert.Equal(TestImages.Png, Convert.FromBase64String((await EditAsync("emulate:base64")).Text("output")));
    }

    [Fact]
    public async Task Retried() => Assert.Equal(1, (await EditAsync("emulate:retried")).Number("retry_count"));

    [Fact]
    public async Task Foreign_and_no_urls()
    {
        var foreign = await PostAsync(Model, Body("emulate:foreign-urls"));
        Assert.StartsWith(Service.FilesEndpoint.AbsoluteUri, foreign.Text("poll_url"), StringComparison.Ordinal);

        var none = await PostAsync(Model, Body("emulate:no-urls"));
        Assert.Equal(["request_id", "status"], none.Json.Select(field => field.Key));
    }

    [Fact]
    public async Task Words_that_are_not_in_the_table_do_nothing() =>
        Assert.Equal("COMPLETED", (await EditAsync("emulate:nothing-such, emulate:42")).Text("status"));
}
