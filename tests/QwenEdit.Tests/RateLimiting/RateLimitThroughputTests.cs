using QwenEdit.Journal;
using QwenEdit.RateLimiting;
using Xunit.Abstractions;

namespace QwenEdit.Tests.RateLimiting;

/// <summary>A limit is used up in each of its windows, whatever its length, and few requests are refused for it.</summary>
public sealed class RateLimitThroughputTests(ITestOutputHelper output)
{
    private const int AtOnce = 32;
    private const long Latency = 200;

    [Fact]
    public void Sixty_images_at_20_in_each_window_of_6_s_take_three_windows()
    {
        RateLimitSimulation simulation = new(limit: 20, window: 6_000, AtOnce, Latency);

        long end = simulation.Run(requests: 60);

        output.WriteLine($"{end} ms, {simulation.Refused.Values.Sum()} refused");
        Assert.InRange(end, 12_000, 18_000);
    }

    [Theory]
    [InlineData(5, 60_000)]
    [InlineData(30, 60_000)]
    [InlineData(60, 60_000)]
    [InlineData(120, 60_000)]
    [InlineData(1000, 60_000)]
    [InlineData(20, 6_000)]
    public void Every_window_is_used_up_and_refuses_only_what_is_on_its_way(int limit, long window)
    {
        const int Windows = 10;
        RateLimitSimulation simulation = new(limit, window, AtOnce, Latency);

        simulation.Run(requests: int.MaxValue, until: Windows * window);

        output.WriteLine($"{simulation.Accepted.Values.Sum()} accepted, {simulation.Refused.Values.Sum()} refused");
        for (long current = 0; current < Windows; current++)
        {
            Assert.Equal(limit, simulation.Accepted[current]);
            // Refused are those on their way when the limit is reached: all at most, and with the gap as many as leave within the latency.
            bool hasGap = current > 0 && limit < RateLimitBackoff.GapKept / RateLimitBackoff.Gap;
            Assert.InRange(simulation.Refused[current], 1, hasGap ? (Latency / RateLimitBackoff.Gap) + 1 : AtOnce);
        }
    }

    [Fact]
    public void Nothing_leaves_before_a_reset_and_no_two_requests_leave_together_after_it()
    {
        RateLimitSimulation simulation = new(limit: 20, window: 6_000, AtOnce, Latency);

        simulation.Run(requests: 200);

        Assert.All(simulation.Pauses, pause => Assert.DoesNotContain(simulation.Turns, turn => turn > pause.From && turn < pause.Until));
        long[] after = [.. simulation.Turns.Where(turn => turn > simulation.Pauses[0].From)];
        Assert.All(after.Zip(after.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, RateLimitBackoff.Gap, long.MaxValue));
    }
}
