using QwenEdit.Engine;
using QwenEdit.Journal;
using Xunit.Abstractions;

namespace QwenEdit.Tests.Engine.Pacing;

/// <summary>The limit of a service is found by meeting it, kept below, and probed with care.</summary>
public sealed class GovernorTests(ITestOutputHelper output)
{
    private const long Minute = 60_000;

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(500)]
    public void A_limit_is_found_and_its_room_used(int limit)
    {
        Service service = new(limit);

        service.Run(minutes: 60, hurry: 10);

        output.WriteLine($"{service.Accepted / 60.0:0.0} of {limit} a minute, {service.Refused} refused");
        Assert.InRange(service.Accepted, limit * 60 * 0.75, limit * 60);
        Assert.InRange(service.Refused, 1, 40);
    }

    [Fact]
    public void A_limit_that_rises_is_followed_and_one_that_falls_too()
    {
        Service service = new(30);
        service.Run(minutes: 20, hurry: 10);

        service.Limit = 300;
        service.Run(minutes: 30, hurry: 10);
        int before = service.Accepted;
        service.Run(minutes: 10, hurry: 10);
        Assert.InRange(service.Accepted - before, 10 * 300 * 0.6, 10 * 300);

        service.Limit = 12;
        service.Run(minutes: 10, hurry: 10);
        before = service.Accepted;
        service.Run(minutes: 10, hurry: 10);
        Assert.InRange(service.Accepted - before, 10 * 12 * 0.6, 10 * 12);
    }

    [Fact]
    public void After_a_reset_requests_leave_one_by_one_below_the_limit()
    {
        PaceRow pace = Governor.Refused(new PaceRow(), now: 30_000, turn: 29_900, reset: 30_000, [.. Enumerable.Range(0, 41).Select(each => each * 700L)], 0.5);

        Assert.Equal(60_000, Governor.Pause(pace, 30_000));
        Assert.Equal(40, pace.Met);
        Assert.InRange(Governor.Rate(pace, 60_000)!.Value, 35, 37);
        Assert.InRange(Governor.Rate(pace, 120_000)!.Value, 36, 38);
        Assert.Equal(60_000 + 1667, RequestWindow.Evenly([60_000], 36, atOnce: 1));
    }

    [Fact]
    public void A_refusal_soon_after_the_beginning_does_not_tell_the_limit_and_slows_for_a_moment_only()
    {
        long[] sent = [57_000, 57_500, 58_000, 58_500, 59_000, 59_500, 60_000];

        PaceRow pace = Governor.Refused(new PaceRow(), now: 60_000, turn: 60_000, reset: 1000, sent, 0.5);

        Assert.InRange(Governor.Rate(pace, 61_000)!.Value, 60, 61);
        Assert.Null(Governor.Rate(pace, 61_000 + (2 * Minute)));
    }

    [Fact]
    public void A_limit_that_is_met_no_more_is_soon_forgotten()
    {
        PaceRow pace = Governor.Refused(new PaceRow(), now: 30_000, turn: 29_900, reset: 30_000, [.. Enumerable.Range(0, 11).Select(each => each * 2900L)], 0.5);

        Assert.InRange(Governor.Rate(pace, 9 * Minute)!.Value, 10, 12);
        Assert.InRange(Governor.Rate(pace, 10 * Minute)!.Value, 20, 24);
        Assert.Null(Governor.Rate(pace, 12 * Minute));
    }

    [Fact]
    public void What_was_under_way_when_the_limit_was_met_tells_how_many_were_accepted_and_no_more()
    {
        List<long> sent = [.. Enumerable.Repeat(1000L, 64)];
        PaceRow pace = Governor.Refused(new PaceRow(), 1100, 1000, 40_000, sent, 0.5);
        for (int refused = 1; refused < 44; refused++)
        {
            pace = Governor.Refused(pace, 1100 + refused, 1000, 40_000, sent, 0.5);
        }

        Assert.Equal(20, pace.Met);
        Assert.InRange(Governor.Rate(pace, 50_000)!.Value, 17.9, 18.4);
        Assert.Equal(1, pace.Refusals);
    }

    [Fact]
    public void Without_a_reset_the_pause_doubles_until_a_request_is_accepted()
    {
        PaceRow pace = new();
        long now = 1000;
        List<long> pauses = [];
        for (int refusal = 0; refusal < 8; refusal++)
        {
            pace = Governor.Refused(pace, now, now, null, [now], chance: 1);
            pauses.Add(Governor.Pause(pace, now) - now);
            now = Governor.Pause(pace, now) + 10;
        }

        Assert.Equal([2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000], pauses);
        Assert.Equal(0, Governor.Accepted(pace, now).Refusals);
        Assert.Equal(8, Governor.Accepted(pace, pace.LimitedAt).Refusals);
    }

    [Fact]
    public void What_an_earlier_start_of_the_machine_left_behind_holds_nobody_up()
    {
        PaceRow left = new() { PausedUntil = 900 * Minute, LimitedAt = 890 * Minute, Met = 10, Rate = 9 };

        Assert.Equal(Minute, Governor.Pause(left, Minute));
        Assert.Null(Governor.Rate(left, Minute));
        Assert.Equal(3 * Minute, Governor.Pause(Governor.Refused(left, Minute, Minute, 2 * Minute, [Minute], 0.5), Minute));
    }

    /// <summary>A service that counts by the minute, and a client that always has something to send.</summary>
    private sealed class Service(int limit)
    {
        private readonly List<long> _sent = [];
        private PaceRow _pace = new();
        private long _now = 20_000;
        private long _window = -1;
        private int _used;

        internal int Limit { get; set; } = limit;

        internal int Accepted { get; private set; }

        internal int Refused { get; private set; }

        /// <summary>Sends for some minutes, with so many milliseconds from one request to the next at least.</summary>
        internal void Run(int minutes, int hurry)
        {
            for (long end = _now + (minutes * Minute); _now < end; _now += hurry)
            {
                long next = Math.Max(_now, Governor.Pause(_pace, _now));
                if (Governor.Rate(_pace, _now) is { } rate)
                {
                    next = Math.Max(next, RequestWindow.Evenly(_sent, rate, atOnce: 1));
                }

                _now = next;
                _sent.RemoveAll(left => left <= _now - RequestWindow.Length);
                _sent.Add(_now);
                (_window, _used) = _window == _now / Minute ? (_window, _used + 1) : (_now / Minute, 1);
                if (_used <= Limit)
                {
                    Accepted++;
                    _pace = Governor.Accepted(_pace, _now);
                }
                else
                {
                    Refused++;
                    _pace = Governor.Refused(_pace, _now, _now, Minute - (_now % Minute), _sent, 0.5);
                }
            }
        }
    }
}
