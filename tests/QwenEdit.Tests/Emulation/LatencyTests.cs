using QwenEdit.Emulator;
using QwenEdit.Emulator.Records;

namespace QwenEdit.Tests.Emulation;

/// <summary>Latency is a distribution, and queueing follows from it.</summary>
public sealed class LatencyTests : EmulatorTest
{
    [Fact]
    public async Task It_is_log_normal_around_its_median()
    {
        var seconds = await SecondsAsync(new EmulatorOptions { LatencySpread = 0.3, Workers = 0 });

        // Of 400 draws: half on either side of the median, and 68 % within one sigma, give or take four standard deviations.
        Assert.InRange(seconds.Count(value => value < 10), 160, 240);
        Assert.InRange(seconds.Count(value => value > 10 * Math.Exp(-0.3) && value < 10 * Math.Exp(0.3)), 235, 310);
        Assert.True(seconds.Distinct().Count() > 390);
    }

    [Fact]
    public async Task It_can_be_repeated() => Assert.Equal(
        await SecondsAsync(new EmulatorOptions { LatencySpread = 0.3 }),
        await SecondsAsync(new EmulatorOptions { LatencySpread = 0.3 }));

    [Fact]
    public async Task Jobs_beyond_the_workers_wait_their_turn()
    {
        var seconds = await SecondsAsync(new EmulatorOptions { Workers = 4 });

        // 400 jobs of 9.5 s of work by 4 workers, in order.
        Assert.Equal(0.5 + (100 * 9.5), seconds[^1], 3);
        Assert.Equal(seconds.Order(), seconds);
    }

    private async Task<List<double>> SecondsAsync(EmulatorOptions options)
    {
        await StartAsync(options);
        for (var i = 0; i < 400; i++)
        {
            await SubmitAsync();
        }
        Pass(100_000);
        return [.. Service.Ledger.Jobs.Select(job => (job.Finished!.Value - job.Accepted).TotalSeconds)];
    }
}
