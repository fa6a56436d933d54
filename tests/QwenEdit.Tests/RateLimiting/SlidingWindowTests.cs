using QwenEdit.RateLimiting;

namespace QwenEdit.Tests.RateLimiting;

/// <summary>No minute has more requests than the limit, however they come.</summary>
public sealed class SlidingWindowTests
{
    private const long Minute = 60_000;

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(60)]
    [InlineData(500)]
    public void Whoever_asks_and_whenever_no_minute_has_more(int most)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Random random = new(seed);
            List<long> sent = [];
            long now = 1000;
            // Rests of minutes, rushes, and askers that come back when they were told to, or at any other time.
            long[] again = new long[5];
            for (int step = 0; step < 1500; step++)
            {
                now += random.Next(4) switch { 0 => random.Next(1, 20), 1 => random.Next(0, 2000), 2 when random.Next(50) == 0 => random.Next(0, 200_000), _ => 0 };
                int asker = random.Next(again.Length);
                now = random.Next(3) == 0 ? Math.Max(now, again[asker]) : now;
                again[asker] = SlidingWindow.Next([.. sent.Where(left => left > now - SlidingWindow.Length)], now, most);
                Assert.True(again[asker] >= now);
                if (again[asker] == now)
                {
                    sent.Add(now);
                }
            }

            for (int last = most; last < sent.Count; last++)
            {
                Assert.True(sent[last] - sent[last - most] > Minute, $"{most + 1} requests within {sent[last] - sent[last - most]} ms (seed {seed})");
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(1000)]
    public void A_limit_is_also_used_up(int most)
    {
        const int Minutes = 20;
        List<long> sent = [];
        long now = 0;
        while (now < Minutes * Minute)
        {
            now = SlidingWindow.Next([.. sent.TakeLast(most + 1).Where(left => left > now - SlidingWindow.Length)], now, most);
            sent.Add(now);
        }

        Assert.InRange(sent.Count, 0.94 * most * Minutes, (most * Minutes) + most + 1);
    }

    [Fact]
    public void A_minutes_room_is_not_used_up_by_its_first_second()
    {
        List<long> sent = [];
        for (long now = 0; now < 1000; now = SlidingWindow.Next(sent, now, 60))
        {
            sent.Add(now);
        }

        Assert.Equal(6, sent.Count);
    }
}
