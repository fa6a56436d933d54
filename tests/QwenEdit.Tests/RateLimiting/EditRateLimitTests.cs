using System.Globalization;
using QwenEdit.Editing;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.RateLimiting;
using QwenEdit.Runs;
using QwenEdit.Tests.Support;
using Xunit.Abstractions;

namespace QwenEdit.Tests.RateLimiting;

/// <summary>Whole edits within a rate limit: by their turns, and by the emulator's ledger only in what a busy machine can't change.</summary>
public sealed class EditRateLimitTests(ITestOutputHelper output)
{
    /// <summary>How many edits want to be sent at once.</summary>
    private const int Edits = 20;

    private static readonly EditSettings Patient = new() { Timeout = TimeSpan.FromHours(2) };

    private static readonly ApiRoute[] Gateway = [ApiRoute.Submit, ApiRoute.Sync, ApiRoute.Status, ApiRoute.Result];

    [Theory]
    [InlineData(EditTransport.Async, 10)]
    [InlineData(EditTransport.Sync, 25)]
    public async Task RequestsPerMinute_is_kept_with_every_call_to_the_gateway_counted(EditTransport transport, int edits)
    {
        const int Limit = 20;
        await using EditFixture fixture = await EditFixture.StartAsync(Patient with { Transport = transport, RequestsPerMinute = Limit });
        using RecordedTurns recorded = new(fixture.Folder.At("journal.db"));

        await EditAsync(fixture, edits);

        long[] turns = [.. recorded.Read().Select(turn => turn.Sent)];
        LedgerRequest[] requests = RequestsOf(fixture);
        Assert.Equal(requests.Length, turns.Length);
        Assert.InRange(turns.Length, Limit + 1, int.MaxValue);
        Assert.All(turns.Zip(turns.Skip(Limit)), pair => Assert.True(pair.Second - pair.First > 60_000, $"{Limit + 1} within {pair.Second - pair.First} ms"));
        Assert.Equal(edits, requests.Count(request => request.Route is ApiRoute.Submit or ApiRoute.Sync));
        Assert.DoesNotContain(requests, request => request.Status == 429);
    }

    [Theory]
    [InlineData(30, 60)]
    [InlineData(20, 6)]
    public async Task After_a_429_nothing_is_sent_until_the_reset_and_then_one_request_at_a_time(int limit, int seconds)
    {
        var window = TimeSpan.FromSeconds(seconds);
        await using EditFixture fixture = await EditFixture.StartAsync(
            Patient, new EmulatorOptions { RequestsPerMinute = limit, RateLimitWindow = window, PollsCount = true, Workers = 0 });
        using RecordedTurns recorded = new(fixture.Folder.At("journal.db"));
        // On a busy machine the edits may come so slowly that they stay below the limit.
        fixture.Emulator.Faults.Add(new Fault
        {
            Kind = FaultKind.Answer,
            Route = ApiRoute.Submit,
            Status = 429,
            Next = 1,
            Headers = new Dictionary<string, string>
            {
                ["x-rate-limit-reset-at-utc"] = (fixture.Emulator.Clock.Now + window).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            },
        });

        await EditAsync(fixture, Edits);

        IReadOnlyList<(long Sent, long LimitedAt, long PausedUntil)> turns = recorded.Read();
        Assert.Contains(turns, turn => turn.LimitedAt > 0);
        Assert.All(turns, turn => Assert.InRange(turn.Sent, turn.PausedUntil, long.MaxValue));
        foreach (((long before, _, _), (long sent, long limitedAt, long pausedUntil)) in turns.Zip(turns.Skip(1)))
        {
            if (limitedAt > 0 && sent < pausedUntil + RateLimitBackoff.GapKept)
            {
                Assert.InRange(sent - before, RateLimitBackoff.Gap, long.MaxValue);
            }
        }

        // Each edit has one request on its way, and waits for the end of the window in which it is refused.
        LedgerRequest[] refused = [.. RequestsOf(fixture).Where(request => request.Status == 429)];
        output.WriteLine($"{turns.Count} turns, {refused.Length} refused");
        Assert.All(refused.GroupBy(request => request.Time.Ticks / window.Ticks), each => Assert.InRange(each.Count(), 1, Edits));
        Assert.Equal(Edits, fixture.Emulator.Ledger.Jobs.Count);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData(null)]
    public async Task A_429_without_a_reset_that_can_be_read_is_waited_out_too(string? reset)
    {
        await using EditFixture fixture = await EditFixture.StartAsync(Patient, maximumRetryCount: 0);
        using RecordedTurns recorded = new(fixture.Folder.At("journal.db"));
        fixture.Emulator.Faults.Add(new Fault
        {
            Kind = FaultKind.Answer,
            Route = ApiRoute.Submit,
            Status = 429,
            Next = Edits,
            Headers = reset is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["x-rate-limit-reset-at-utc"] = reset },
        });

        await EditAsync(fixture, Edits);

        Assert.Equal(2 * Edits, fixture.Count(ApiRoute.Submit));
        Assert.Equal(Edits, fixture.Emulator.Ledger.Jobs.Count);
        Assert.All(recorded.Read(), turn => Assert.InRange(turn.Sent, turn.PausedUntil, long.MaxValue));
    }

    private static LedgerRequest[] RequestsOf(EditFixture fixture) =>
        [.. fixture.Emulator.Ledger.Requests.Where(request => Gateway.Contains(request.Route))];

    private static async Task EditAsync(EditFixture fixture, int count)
    {
        EndedEdit[] ended = await Task.WhenAll(Enumerable.Range(1, count).Select(number =>
            fixture.EditAsync($"Number {number}", request => request with { Destination = fixture.Folder.At($"{number}.png") }))).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.All(ended, edit => Assert.Equal(EditOutcome.Received, edit.Result!.Status));
    }
}
