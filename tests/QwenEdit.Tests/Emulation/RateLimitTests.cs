using System.Net;
using System.Text.Json.Nodes;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Records;
using QwenEdit.Imaging;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Tests.Emulation;

/// <summary>segmind-api.md, Rate limits, and the row 429 of the error table.</summary>
public sealed class RateLimitTests : EmulatorTest
{
    public override Task InitializeAsync() => StartAsync(new EmulatorOptions { RequestsPerMinute = 2 });

    [Fact]
    public async Task The_third_of_two_is_429_without_Retry_After()
    {
        await SubmitAsync();
        await SubmitAsync();

        var answer = await PostAsync(Model, Body());

        answer.Is(HttpStatusCode.TooManyRequests, "Rate limit");
        Assert.Equal("2026-10-01T12:01:00Z", answer.Header("x-rate-limit-reset-at-utc"));
        Assert.Equal("0", answer.Header("x-rate-limit-remaining"));
        Assert.False(answer.Headers.Contains("Retry-After"));
        Assert.Equal(2, Service.Ledger.Jobs.Count);
    }

    [Fact]
    public async Task The_window_is_fixed_and_resets_when_it_said()
    {
        await SubmitAsync();
        await SubmitAsync();
        Pass(39);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await PostAsync(Model, Body())).Status);

        Pass(1);

        await SubmitAsync();
        await SubmitAsync();
    }

    [Fact]
    public async Task The_window_can_be_shorter_than_a_minute()
    {
        await StartAsync(new EmulatorOptions { RequestsPerMinute = 1, RateLimitWindow = TimeSpan.FromSeconds(6) });
        await SubmitAsync();
        var refused = await PostAsync(Model, Body());

        refused.Is(HttpStatusCode.TooManyRequests, "Rate limit");
        Assert.Equal("2026-10-01T12:00:24Z", refused.Header("x-rate-limit-reset-at-utc"));
        Pass(6);
        await SubmitAsync();
    }

    [Theory]
    [InlineData(ResetFormat.Iso8601, "2026-10-01T12:01:00Z")]
    [InlineData(ResetFormat.Rfc1123, "Thu, 01 Oct 2026 12:01:00 GMT")]
    [InlineData(ResetFormat.UnixSeconds, "1790856060")]
    [InlineData(ResetFormat.UnixMilliseconds, "1790856060000")]
    public async Task The_reset_is_written_in_any_of_four_ways(ResetFormat format, string expected)
    {
        await StartAsync(new EmulatorOptions { RequestsPerMinute = 1, RateLimitReset = format });
        await SubmitAsync();

        Assert.Equal(expected, (await PostAsync(Model, Body())).Header("x-rate-limit-reset-at-utc"));
    }

    [Theory]
    [InlineData(false, HttpStatusCode.OK)]
    [InlineData(true, HttpStatusCode.TooManyRequests)]
    public async Task Polls_count_if_so_wished(bool count, HttpStatusCode expected)
    {
        await StartAsync(new EmulatorOptions { RequestsPerMinute = 2, PollsCount = count });
        var id = await SubmitAsync();
        await GetAsync($"/v2/requests/{id}/status");

        Assert.Equal(expected, (await GetAsync($"/v2/requests/{id}/status")).Status);
    }

    [Fact]
    public async Task The_limit_is_the_accounts()
    {
        await SubmitAsync();
        await SubmitAsync();
        await PostAsync("/_emulator/keys", new JsonObject { ["key"] = "SG_1111111111111111", ["requests_per_minute"] = 1 });

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Model, Body(), key: "SG_1111111111111111")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await PostAsync(Model, Body(), key: "SG_1111111111111111")).Status);
    }
}
