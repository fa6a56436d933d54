using BenchmarkDotNet.Attributes;
using QwenEdit.Benchmarks.Measures;
using QwenEdit.Files;

namespace QwenEdit.Benchmarks.Micro;

/// <summary>What is done with a 1.5 MB image before it is sent.</summary>
public class HashBenchmarks
{
    private Bench _bench = null!;

    /// <summary>Makes the image.</summary>
    [GlobalSetup]
    public void SetUp() => _bench = new Bench(1, 1_500_000);

    /// <summary>Removes it.</summary>
    [GlobalCleanup]
    public void CleanUp() => _bench.Dispose();

    /// <summary>Its first bytes.</summary>
    [Benchmark]
    public object Inspect() => SourceImage.Inspect(_bench.FirstImage);

    /// <summary>All of it.</summary>
    [Benchmark]
    public string Hash() => ContentHash.OfFile(_bench.FirstImage, CancellationToken.None);
}
