using System.Globalization;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Segmind.Http;

/// <summary>429: wait for the reset, whose format nobody has documented, and then go on.</summary>
public sealed class RateLimitTests
{
    // The service's clock, which need not be ours: three hours and more ahead.
    private static readonly DateTimeOffset ServiceNow = new(2026, 10, 1, 15, 30, 40, TimeSpan.Zero);
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);
    // One more than dates can tell, and some to spread those who wait alike.
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(1.6);

    public static TheoryData<string, string> Resets => new()
    {
        { "ISO 8601", (ServiceNow + Wait).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) },
        { "ISO 8601 with an offset", (ServiceNow + Wait).ToOffset(TimeSpan.FromHours(2)).ToString("o", CultureInfo.InvariantCulture) },
        { "ISO 8601 without a zone, as the header's name has it in UTC", (ServiceNow + Wait).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) },
        { "RFC 1123", (ServiceNow + Wait).ToString("R", CultureInfo.InvariantCulture) },
        { "Unix seconds", (ServiceNow + Wait).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) },
        { "Unix seconds with decimals", $"{(ServiceNow + Wait).ToUnixTimeSeconds()}.25" },
        { "Unix milliseconds", (ServiceNow + Wait).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) },
    };

    [Theory]
    [MemberData(nameof(Resets))]
    public async Task The_reset_is_waited_for_by_the_services_own_clock(string format, string reset)
    {
        TimeSpan pause = Assert.Single(await PausesAfter(Reset(reset)));
        Assert.True(pause >= Wait && pause <= Wait + TimeSpan.FromSeconds(0.25) + Spread, $"{format}: {pause}");
    }

    [Theory]
    [InlineData("20")]
    [InlineData("Thu, 01 Oct 2026 15:31:00 GMT")]
    public async Task Retry_After_is_honoured_should_it_ever_come(string retryAfter)
    {
        TimeSpan pause = Assert.Single(await PausesAfter(
            Date, ("Retry-After", retryAfter), ("x-rate-limit-reset-at-utc", "2026-10-01T15:40:00Z")));
        Assert.InRange(pause, Wait, Wait + Spread);
    }

    [Fact]
    public async Task A_reset_that_has_passed_does_not_end_the_doubling_of_the_pause()
    {
        await using RawServer server = RawServer.Answering(
            [.. Enumerable.Repeat(RawAnswer.Error(429, "slow down", Reset("2026-10-01T15:30:39Z")), 4), RawAnswer.Accepted()]);
        using TestClient client = new(server.Url, maximumRetryCount: 0);

        await client.SubmitAsync();

        Assert.Equal(4, client.Clock.Pauses.Count);
        Assert.InRange(client.Clock.Pauses[3], TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(16));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData("-5")]
    [InlineData("NaN")]
    [InlineData("1e300")]
    [InlineData("2031-01-01T00:00:00Z")]
    [InlineData("2001-01-01T00:00:00Z")]
    [InlineData("2026-10-01T15:30:39Z")]
    public async Task What_can_not_be_believed_is_a_pause_of_the_clients_own(string reset) =>
        Assert.InRange(Assert.Single(await PausesAfter(Reset(reset))), TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));

    [Fact]
    public async Task Nothing_said_is_a_pause_of_the_clients_own() =>
        Assert.InRange(Assert.Single(await PausesAfter()), TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));

    [Fact]
    public async Task Without_a_date_of_the_service_the_local_clock_must_do()
    {
        DateTimeOffset here = new SkippingClock().GetUtcNow();
        TimeSpan pause = Assert.Single(await PausesAfter(("x-rate-limit-reset-at-utc", (here + Wait).ToString("o", CultureInfo.InvariantCulture))));
        Assert.InRange(pause, Wait, Wait + Spread);
    }

    [Fact]
    public async Task Waiting_costs_no_tries_and_no_patience_is_lost_by_numbers()
    {
        await using RawServer server = RawServer.Answering([.. Enumerable.Repeat(RawAnswer.Error(429), 60), RawAnswer.Accepted()]);
        using TestClient client = new(server.Url, maximumRetryCount: 0);

        await client.SubmitAsync();

        Assert.Equal(61, server.Requests.Count);
        Assert.All(client.Clock.Pauses, pause => Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task A_wait_begins_the_count_of_tries_anew()
    {
        RawAnswer error = RawAnswer.Error(500);
        await using RawServer server = RawServer.Answering(error, RawAnswer.Error(429), error, RawAnswer.Error(429), error, RawAnswer.Accepted());
        using TestClient client = new(server.Url, maximumRetryCount: 1);

        await client.SubmitAsync();

        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    public async Task A_reset_beyond_the_deadline_is_not_waited_for()
    {
        await using RawServer server = RawServer.Answering(RawAnswer.Error(429, "slow down", [.. Reset("2026-10-01T15:31:40Z")]));
        using TestClient client = new(server.Url) { Patience = TimeSpan.FromSeconds(59) };

        QwenEditException failure = await client.SubmitInVainAsync();

        Assert.Equal(EditError.RateLimited, failure.Error);
        Assert.Single(server.Requests);
        Assert.Empty(client.Clock.Pauses);
    }

    private static (string, string) Date => ("Date", ServiceNow.ToString("R", CultureInfo.InvariantCulture));

    private static (string, string)[] Reset(string value) => [Date, ("x-rate-limit-reset-at-utc", value)];

    private static async Task<IReadOnlyList<TimeSpan>> PausesAfter(params (string, string)[] headers)
    {
        await using RawServer server = RawServer.Answering(RawAnswer.Error(429, "slow down", headers), RawAnswer.Accepted());
        using TestClient client = new(server.Url, maximumRetryCount: 0);

        await client.SubmitAsync();

        Assert.Equal(2, server.Requests.Count);
        return client.Clock.Pauses;
    }
}
