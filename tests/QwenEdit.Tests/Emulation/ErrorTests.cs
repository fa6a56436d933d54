using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Imaging;

namespace QwenEdit.Tests.Emulation;

/// <summary>segmind-api.md, Errors: a row of the table, a test. 401 is in AuthenticationTests, 422 in AsyncTests, 429 in RateLimitTests.</summary>
public sealed class ErrorTests : EmulatorTest
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    public async Task A_malformed_body_is_400(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, await PostRawAsync(body, "application/json"));

    [Fact]
    public async Task A_forbidden_model_or_account_is_403()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync("/v2/qwen-image-edit-private", Body())).Status);

        await PostAsync("/_emulator/keys", new JsonObject { ["key"] = Service.ApiKey, ["state"] = "forbidden" });
        (await PostAsync(Model, Body())).Is(HttpStatusCode.Forbidden, "does not have access");
    }

    [Fact]
    public async Task An_unknown_model_is_404() => (await PostAsync("/v2/qwen-image-edit-slow", Body())).Is(HttpStatusCode.NotFound, "qwen-image-edit-slow");

    [Fact]
    public async Task A_wrong_verb_is_405_as_an_HTML_page()
    {
        var answer = await GetAsync(Model);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
        Assert.Equal("text/html", answer.Content.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_wrong_content_type_is_406() => Assert.Equal(HttpStatusCode.NotAcceptable, await PostRawAsync("{}", "text/plain"));

    [Fact]
    public async Task Too_few_credits_are_406_naming_the_balance_and_the_need()
    {
        await StartAsync(new EmulatorOptions { Credits = 0.0778m });
        await SubmitAsync();
        await SubmitAsync();

        var answer = await PostAsync(Model, Body());

        answer.Is(HttpStatusCode.NotAcceptable, "Insufficient credits");
        Assert.Contains("0.005", answer.Text("error"), StringComparison.Ordinal);
        Assert.Contains("0.0364", answer.Text("error"), StringComparison.Ordinal);
        Assert.Equal(2, Service.Ledger.Jobs.Count);
    }

    [Fact]
    public async Task Too_few_credits_may_be_402_on_v2()
    {
        await StartAsync(new EmulatorOptions { Credits = 0, InsufficientCreditsStatus = 402 });

        (await PostAsync(Model, Body())).Is(HttpStatusCode.PaymentRequired, "Insufficient credits");
        (await PostAsync("/v1/qwen-image-edit-fast", Body())).Is(HttpStatusCode.NotAcceptable, "Insufficient credits");
    }

    [Fact]
    public void No_other_status_stands_for_too_few_credits() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmulatorOptions { InsufficientCreditsStatus = 200 });

    [Fact]
    public async Task A_spend_limit_is_406()
    {
        await PostAsync("/_emulator/keys", new JsonObject { ["key"] = Service.ApiKey, ["spend_limit"] = 0.05 });
        await SubmitAsync();

        (await PostAsync(Model, Body())).Is(HttpStatusCode.NotAcceptable, "Spend limit");
    }

    [Fact]
    public async Task A_retired_model_is_410() =>
        (await PostAsync("/v2/qwen-image-edit-retired", Body())).Is(HttpStatusCode.Gone, "no longer available");

    [Fact]
    public async Task An_expired_key_is_401()
    {
        await PostAsync("/_emulator/keys", new JsonObject { ["key"] = Service.ApiKey, ["state"] = "expired" });

        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(Model, Body())).Status);
    }

    [Theory]
    [InlineData(500, false)]
    [InlineData(502, false)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, false)]
    [InlineData(504, true)]
    public async Task Server_and_gateway_errors_come_as_JSON_or_as_a_proxys_page(int status, bool html)
    {
        Service.Faults.Add(new Fault
        {
            Kind = FaultKind.Answer,
            Route = ApiRoute.Submit,
            Next = 1,
            Status = status,
            Body = html ? "<html><h1>Bad Gateway</h1></html>" : null,
            ContentType = html ? "text/html" : "application/json",
        });

        var answer = await PostAsync(Model, Body());

        Assert.Equal(status, (int)answer.Status);
        Assert.Equal(html ? "text/html" : "application/json", answer.Content.ContentType!.MediaType);
        Assert.Equal(html, !Encoding.UTF8.GetString(answer.Bytes).Contains("\"error\"", StringComparison.Ordinal));
        Assert.Empty(Service.Ledger.Jobs);
    }

    [Fact]
    public async Task What_is_refused_makes_no_job_and_costs_nothing()
    {
        await PostAsync("/v2/qwen-image-edit-slow", Body());
        await PostAsync(Model, Body("x", ("image_format", "gif")));
        await PostAsync(Model, Body(), key: null);
        Pass(60);

        Assert.Empty(Service.Ledger.Jobs);
        Assert.Equal(0, Service.Ledger.Billed);
    }

    private async Task<HttpStatusCode> PostRawAsync(string body, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Service.Endpoint, Model));
        request.Headers.Add("x-api-key", Service.ApiKey);
        request.Content = new StringContent(body, Encoding.UTF8, type);
        using var response = await Http.SendAsync(request, Soon);
        Assert.NotNull(JsonNode.Parse(await response.Content.ReadAsStringAsync(Soon))!["error"]);
        return response.StatusCode;
    }
}
