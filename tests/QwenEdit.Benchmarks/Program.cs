using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using QwenEdit.Benchmarks.Contenders;
using QwenEdit.Benchmarks.Measures;
using QwenEdit.Benchmarks.Micro;
using QwenEdit.Journal;

if (args is [ContenderLoop.Command, var contender])
{
    return await ContenderLoop.RunAsync(() => contender switch
    {
        ContenderLoop.Streaming => new HttpLoop(new StreamingTransfer()),
        ContenderLoop.Naive => new HttpLoop(new NaiveTransfer()),
        _ => throw new ArgumentException($"There is no contender {contender}."),
    });
}

IMeasure[] measures = [new Overhead(), new Throughput(), new Memory(), new Polling(), new Concurrency(), new Import(), new ManyFiles(), new LongJournal(), new Soak()];
Argument<string[]> names = new("measures")
{
    Description = $"What to measure: {string.Join(", ", measures.Select(measure => measure.Name))}; all of these without it. "
        + $"And {MicroBenchmarks.Name}: the parts, with BenchmarkDotNet.",
    Arity = ArgumentArity.ZeroOrMore,
};
names.AcceptOnlyFromAmong([.. measures.Select(measure => measure.Name), MicroBenchmarks.Name]);
Option<int> repetitions = new("--repetitions", "-r") { Description = "How often each figure is taken.", DefaultValueFactory = _ => 5 };
Option<int> images = new("--images") { Description = "How many images the large measures take.", DefaultValueFactory = _ => 10_000 };
Option<int> imageBytes = new("--image-bytes") { Description = "The size of an image in overhead.", DefaultValueFactory = _ => Extent.UsualImageBytes };
Option<FileInfo?> against = new("--against") { Description = "The manifest of another build of the module, which overhead, throughput and memory take in turns with this one." };
RootCommand root = new("Measures the built module. docs/performance.md says what the figures mean.") { names, repetitions, images, imageBytes, against };
root.SetAction(async parsed =>
{
    string[] chosen = parsed.GetValue(names)!;
    List<Figure> figures = [];
    foreach (IMeasure measure in measures.Where(measure => chosen.Length == 0 || chosen.Contains(measure.Name)))
    {
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<Figure> taken = await measure.RunAsync(new Extent(
            parsed.GetValue(repetitions), parsed.GetValue(images), parsed.GetValue(imageBytes), parsed.GetValue(against)?.FullName));
        figures.AddRange(taken);
        await Console.Error.WriteLineAsync($"{measure.Name}: {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s\n{string.Join('\n', taken)}");
    }

    if (figures.Count > 0)
    {
        Console.WriteLine(
            $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, "
            + $"{RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}\n");
        Console.WriteLine(Figure.Table(figures));
    }

    if (chosen.Contains(MicroBenchmarks.Name))
    {
        MicroBenchmarks.Run();
    }
});
return await root.Parse(args).InvokeAsync();
