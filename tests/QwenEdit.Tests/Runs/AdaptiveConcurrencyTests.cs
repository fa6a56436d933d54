using QwenEdit.Journal;
using QwenEdit.Runs;
using Xunit.Abstractions;

namespace QwenEdit.Tests.Runs;

/// <summary>The number of edits at the same time follows what is useful.</summary>
public sealed class AdaptiveConcurrencyTests(ITestOutputHelper output)
{
    [Fact]
    public void With_a_service_that_bears_anything_it_grows_to_its_cap_within_few_latencies()
    {
        Service service = new(workers: 1000);

        service.Run(seconds: 180);

        Assert.Equal(AdaptiveConcurrency.Most, service.AdaptiveConcurrency.Limit);
    }

    [Theory]
    [InlineData(4, 2, 12)]
    [InlineData(8, 8, 16)]
    [InlineData(20, 16, 30)]
    [InlineData(40, 27, 64)]
    public void It_stays_near_what_the_service_works_on_at_a_time(int workers, int least, int most)
    {
        Service service = new(workers);

        service.Run(seconds: 600);
        (int limits, int samples, int before) = (0, 0, service.Done);
        for (int minute = 0; minute < 30; minute++)
        {
            service.Run(seconds: 60);
            limits += service.AdaptiveConcurrency.Limit;
            samples++;
        }

        double rate = (service.Done - before) / (samples * 60.0);
        output.WriteLine($"{(double)limits / samples:0.0} at a time, {rate:0.00} a second of {workers / Service.Latency:0.00}");
        Assert.InRange((double)limits / samples, least, most);
        Assert.InRange(rate, 0.75 * workers / Service.Latency, 1.05 * workers / Service.Latency);
    }

    [Fact]
    public void Under_strain_it_falls_and_it_comes_back_when_that_is_over()
    {
        Service service = new(workers: 1000);
        service.Run(seconds: 180);

        service.StrainAbove = 20;
        service.Run(seconds: 120);
        Assert.InRange(service.AdaptiveConcurrency.Limit, AdaptiveConcurrency.Least, 30);

        service.StrainAbove = int.MaxValue;
        service.Run(seconds: 1800);
        Assert.Equal(AdaptiveConcurrency.Most, service.AdaptiveConcurrency.Limit);
    }

    [Fact]
    public void A_fault_now_and_then_is_no_strain()
    {
        Service service = new(workers: 1000) { FaultShare = 0.05 };

        service.Run(seconds: 600);

        Assert.InRange(service.AdaptiveConcurrency.Limit, 40, AdaptiveConcurrency.Most);
    }

    [Fact]
    public void Where_the_input_is_slow_it_stays()
    {
        AdaptiveConcurrency concurrency = new();
        for (int ended = 0; ended < 1000; ended++)
        {
            Assert.Null(concurrency.Ended(TimeSpan.FromSeconds(ended), isFull: false, strains: 0));
        }

        Assert.Equal(AdaptiveConcurrency.First, concurrency.Limit);
    }

    /// <summary>A service that works on so many jobs at a time, and a call that always has more.</summary>
    private sealed class Service(int workers)
    {
        internal const double Latency = 8.7;

        private readonly Random _random = new(5);
        private readonly PriorityQueue<double, double> _underWay = new();
        private readonly PriorityQueue<double, double> _workers = new(Enumerable.Repeat((0.0, 0.0), workers));
        private double _now;
        private int _strains;

        internal AdaptiveConcurrency AdaptiveConcurrency { get; } = new();

        internal int Done { get; private set; }

        internal int StrainAbove { get; set; } = int.MaxValue;

        internal double FaultShare { get; init; }

        internal void Run(double seconds)
        {
            for (double end = _now + seconds; _now < end;)
            {
                while (_underWay.Count < AdaptiveConcurrency.Limit)
                {
                    double begun = Math.Max(_now, _workers.Dequeue());
                    double ended = begun + (Latency * (0.7 + (0.6 * _random.NextDouble())));
                    _workers.Enqueue(ended, ended);
                    _underWay.Enqueue(ended, ended);
                    _strains += _underWay.Count > StrainAbove || _random.NextDouble() < FaultShare ? 1 : 0;
                }

                _now = _underWay.Dequeue();
                Done++;
                AdaptiveConcurrency.Ended(TimeSpan.FromSeconds(_now), isFull: true, _strains);
                Assert.InRange(AdaptiveConcurrency.Limit, AdaptiveConcurrency.Least, AdaptiveConcurrency.Most);
            }
        }
    }
}
