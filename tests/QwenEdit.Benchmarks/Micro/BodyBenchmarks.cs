using BenchmarkDotNet.Attributes;
using QwenEdit.Benchmarks.Contenders;
using QwenEdit.Benchmarks.Measures;
using QwenEdit.Segmind.Contracts;

namespace QwenEdit.Benchmarks.Micro;

/// <summary>A submission's body of a 1.5 MB image, from the disk to base64.</summary>
public class BodyBenchmarks
{
    private static readonly byte[] Fields = "{\"prompt\":\"Make it red\"}"u8.ToArray();

    private Bench _bench = null!;

    /// <summary>Makes the image.</summary>
    [GlobalSetup]
    public void SetUp() => _bench = new Bench(1, 1_500_000);

    /// <summary>Removes it.</summary>
    [GlobalCleanup]
    public void CleanUp() => _bench.Dispose();

    /// <summary>The module's.</summary>
    [Benchmark]
    public async Task Module()
    {
        using SubmissionBody body = new(Fields, new ImagePayload("image/png", 1_500_000, () => File.OpenRead(_bench.FirstImage)), CancellationToken.None);
        await body.CopyToAsync(Stream.Null);
    }

    /// <summary>As a string within a string.</summary>
    [Benchmark(Baseline = true)]
    public async Task Naive()
    {
        using HttpContent body = await new NaiveTransfer().BodyAsync(_bench.FirstImage);
        await body.CopyToAsync(Stream.Null);
    }
}
