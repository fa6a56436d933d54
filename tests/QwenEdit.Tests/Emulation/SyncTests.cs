using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using QwenEdit.Commands.Parameters;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Records;
using QwenEdit.Imaging;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Tests.Emulation;

/// <summary>segmind-api.md, Synchronous, v1.</summary>
public sealed class SyncTests : EmulatorTest
{
    private const string Sync = "/v1/qwen-image-edit-fast";

    [Fact]
    public async Task It_answers_with_the_image_and_the_facts_in_headers()
    {
        await StartAsync(new EmulatorOptions { RequestsPerMinute = 5 });

        var answer = await GenerateAsync(Body("x", ("seed", 42)));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("image/png", answer.Content.ContentType!.MediaType);
        Assert.Equal(TestImages.Png, answer.Bytes);
        Assert.Equal(Assert.Single(Service.Ledger.Jobs).RequestId, answer.Header("x-request-id"));
        Assert.Equal("0.0364", answer.Header("x-cost"));
        Assert.Equal("99.9636", answer.Header("x-remaining-credits"));
        Assert.Equal(9.5, double.Parse(answer.Header("x-generation-time"), CultureInfo.InvariantCulture));
        Assert.Equal("42", answer.Header("x-seed-value"));
        Assert.Equal("2026-10-01T12:01:00Z", answer.Header("x-rate-limit-reset-at-utc"));
    }

    [Fact]
    public async Task With_base64_it_is_JSON()
    {
        var answer = await GenerateAsync(Body("x", ("base64", true)));

        Assert.Equal("application/json", answer.Content.ContentType!.MediaType);
        Assert.Equal(TestImages.Png, Convert.FromBase64String(answer.Text("image")));
    }

    [Fact]
    public async Task With_a_test_prompt_it_is_a_data_URI() =>
        Assert.StartsWith("data:image/png;base64,", (await GenerateAsync(Body("emulate:data-uri"))).Text("image"), StringComparison.Ordinal);

    [Theory]
    [InlineData("steps", "99")]
    [InlineData("prompt", "null")]
    [InlineData("image", "null")]
    [InlineData("image", "\"no image\"")]
    public async Task What_only_the_model_catches_is_500(string field, string value)
    {
        (await GenerateAsync(Body("x", (field, JsonNode.Parse(value))))).Is(HttpStatusCode.InternalServerError, field);
        Assert.Equal(0, Service.Ledger.Billed);
    }

    [Fact]
    public async Task A_value_of_a_fixed_set_is_406_before_the_model_runs() =>
        (await GenerateAsync(Body("x", ("image_format", "gif")))).Is(HttpStatusCode.NotAcceptable, "one of png, jpeg, webp");

    [Fact]
    public async Task A_dropped_connection_loses_a_result_that_is_paid_for()
    {
        using var impatient = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Service.Endpoint, Sync));
        request.Headers.Add("x-api-key", Service.ApiKey);
        request.Content = new StringContent(Body().ToJsonString(), null, "application/json");
        var sent = Http.SendAsync(request, impatient.Token);
        while (Service.Ledger.Jobs.Count == 0)
        {
            await Task.Yield();
        }

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent);
        Pass(60);

        Assert.Equal(0.0364m, Service.Ledger.Billed);
    }

    private async Task<ApiResponse> GenerateAsync(JsonNode body)
    {
        var answer = PostAsync(Sync, body);
        while (Service.Ledger.Jobs.Count == 0 && !answer.IsCompleted)
        {
            await Task.Yield();
        }
        Pass(10);
        return await answer;
    }
}
