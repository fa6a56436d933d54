using System.Net;
using System.Text.Json.Nodes;
using QwenEdit.Imaging;

namespace QwenEdit.Tests.Emulation;

/// <summary>segmind-api.md, Account and storage.</summary>
public sealed class AccountTests : EmulatorTest
{
    [Fact]
    public async Task The_credits_go_down_with_completed_jobs_only()
    {
        await SubmitAsync();
        await SubmitAsync("emulate:fail");
        Assert.Equal(100m, await CreditsAsync());

        Pass(60);

        Assert.Equal(99.9636m, await CreditsAsync());
    }

    [Fact]
    public async Task The_answer_has_both_balances()
    {
        var answer = await GetAsync("/v1/get-user-credits");

        Assert.Equal(["credits", "free-credits"], answer.Json.Select(field => field.Key));
    }

    [Fact]
    public async Task An_account_without_a_balance_record_is_404()
    {
        await PostAsync("/_emulator/keys", new JsonObject { ["key"] = Service.ApiKey, ["state"] = "no-balance" });

        (await GetAsync("/v1/get-user-credits")).Is(HttpStatusCode.NotFound, "No credits found for the user");
    }

    [Fact]
    public async Task Uploads_become_public_URLs_that_do_as_an_image()
    {
        var answer = await PostAsync("/upload-asset", new JsonObject { ["data_urls"] = new JsonArray(TestImages.DataUri, TestImages.DataUri) });

        var urls = answer.Json["file_urls"]!.AsArray().Select(url => url!.GetValue<string>()).ToList();
        Assert.Equal(2, urls.Distinct().Count());
        Assert.NotEmpty(answer.Text("message"));
        Assert.All(urls, url => Assert.StartsWith(new Uri(Service.FilesEndpoint, "/assets/").AbsoluteUri, url, StringComparison.Ordinal));
        Assert.Equal(TestImages.Png, (await SendAsync(HttpMethod.Get, urls[1], key: null)).Bytes);
        Assert.Equal("COMPLETED", (await EditAsync("x", ("image", urls[0]))).Text("status"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"data_urls": []}""")]
    [InlineData("""{"data_urls": ["https://example.com/a.png"]}""")]
    [InlineData("""{"data_urls": ["iVBORw0KGgo="]}""")]
    public async Task Anything_but_data_URLs_is_400(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/upload-asset", JsonNode.Parse(body)!)).Status);

    private async Task<decimal> CreditsAsync() => (await GetAsync("/v1/get-user-credits")).Json["credits"]!.GetValue<decimal>();
}
