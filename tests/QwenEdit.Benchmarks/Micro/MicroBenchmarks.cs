using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using QwenEdit.Journal;

namespace QwenEdit.Benchmarks.Micro;

/// <summary>The parts by themselves.</summary>
internal static class MicroBenchmarks
{
    internal const string Name = "micro";

    internal static void Run() => BenchmarkRunner.Run(
        [typeof(BodyBenchmarks), typeof(HashBenchmarks), typeof(JournalBenchmarks)],
        DefaultConfig.Instance
            // The projects' own build leaves the module where others may be importing it.
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default));
}
