using QwenEdit.Journal;
using QwenEdit.RateLimiting;

namespace QwenEdit.Tests.RateLimiting;

/// <summary>After a 429 nothing is sent until the reset; then requests leave one by one.</summary>
public sealed class RateLimitBackoffTests
{
    private const long Gap = RateLimitBackoff.Gap;

    [Fact]
    public void Nothing_leaves_before_the_reset_and_then_one_request_at_a_time()
    {
        RateLimitState state = RateLimitBackoff.Refused(new RateLimitState(), now: 30_000, turn: 29_900, reset: 20_000, chance: 0.5);

        Assert.Equal(50_000, RateLimitBackoff.Next(state, [29_900], 30_000));
        Assert.Equal(50_000, RateLimitBackoff.Next(state, [29_900], 50_000));
        Assert.Equal(50_000 + Gap, RateLimitBackoff.Next(state, [29_900, 50_000], 50_000));
        Assert.Equal(50_000 + Gap, RateLimitBackoff.Next(state, [29_900, 50_000], 50_000 + Gap - 1));
    }

    [Fact]
    public void The_gap_ends_when_the_limit_is_not_reached_again()
    {
        RateLimitState state = RateLimitBackoff.Refused(new RateLimitState(), now: 30_000, turn: 29_900, reset: 20_000, chance: 0.5);

        const long End = 50_000 + RateLimitBackoff.GapKept;
        Assert.True(RateLimitBackoff.IsActive(state, End - 1));
        Assert.False(RateLimitBackoff.IsActive(state, End));
        Assert.Equal(End, RateLimitBackoff.Next(state, [End, End], End));
    }

    [Fact]
    public void Requests_that_were_on_their_way_are_no_new_refusals_and_their_later_reset_counts()
    {
        RateLimitState first = RateLimitBackoff.Refused(new RateLimitState(), now: 1100, turn: 1000, reset: null, chance: 1);
        RateLimitState second = RateLimitBackoff.Refused(first, now: 1200, turn: 1050, reset: null, chance: 1);
        RateLimitState third = RateLimitBackoff.Refused(second, now: 1300, turn: 1100, reset: 40_000, chance: 1);

        Assert.Equal((1, 1100, 3100), (first.Refusals, first.LimitedAt, first.PausedUntil));
        Assert.Equal(first, second);
        Assert.Equal(first with { PausedUntil = 41_300 }, third);
    }

    [Fact]
    public void Without_a_reset_the_pause_doubles_until_a_request_is_accepted()
    {
        RateLimitState state = new();
        long now = 1000;
        List<long> pauses = [];
        for (int refusal = 0; refusal < 8; refusal++)
        {
            state = RateLimitBackoff.Refused(state, now, now, null, chance: 1);
            pauses.Add(state.PausedUntil - now);
            now = state.PausedUntil + 10;
        }

        Assert.Equal([2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000], pauses);
        Assert.Equal(0, RateLimitBackoff.Accepted(state, now).Refusals);
        // One that left before the last refusal says nothing of the time after it.
        Assert.Equal(8, RateLimitBackoff.Accepted(state, state.LimitedAt).Refusals);
        Assert.Equal(0, RateLimitBackoff.Refused(state, now, now, 5000, chance: 1).Refusals);
    }

    [Theory]
    [InlineData(0.0, 1000)]
    [InlineData(0.5, 1500)]
    [InlineData(1.0, 2000)]
    public void That_pause_has_jitter(double chance, long pause) =>
        Assert.Equal(1000 + pause, RateLimitBackoff.Refused(new RateLimitState(), now: 1000, turn: 1000, reset: null, chance).PausedUntil);

    [Fact]
    public void What_an_earlier_start_of_the_machine_left_behind_holds_nothing_up()
    {
        RateLimitState left = new() { LimitedAt = 890_000, PausedUntil = 900_000, Refusals = 5 };

        Assert.Equal(60_000, RateLimitBackoff.Next(left, [60_000], 60_000));
        Assert.Equal(
            new RateLimitState { LimitedAt = 60_000, PausedUntil = 62_000, Refusals = 1 },
            RateLimitBackoff.Refused(left, now: 60_000, turn: 60_000, reset: null, chance: 1));
    }
}
