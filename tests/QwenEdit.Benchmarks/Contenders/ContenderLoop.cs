using System.Diagnostics;
using System.Text.Json;

namespace QwenEdit.Benchmarks.Contenders;

/// <summary>Does work as it is ordered, a line of JSON each, and answers with what it took.</summary>
internal interface IContender
{
    /// <summary>Does it.</summary>
    /// <returns>All of the lap but the time and what was allocated.</returns>
    Task<Lap> RunAsync(ContenderTask order);
}

/// <summary>This program as a contender's process.</summary>
internal static class ContenderLoop
{
    /// <summary>The first word of its command line; the second names the contender.</summary>
    internal const string Command = "contender";

    internal const string Streaming = "streaming";
    internal const string Naive = "naive";

    internal static async Task<int> RunAsync(Func<IContender> make)
    {
        // Whatever a contender shows is no part of the answers.
        TextWriter answers = Console.Out;
        Console.SetOut(TextWriter.Null);
        IContender contender = make();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            await answers.WriteLineAsync(JsonSerializer.Serialize(await MeasureAsync(contender, JsonSerializer.Deserialize<ContenderTask>(line)!)));
            await answers.FlushAsync();
        }

        return 0;
    }

    private static async Task<Lap> MeasureAsync(IContender contender, ContenderTask order)
    {
        long allocated = GC.GetTotalAllocatedBytes();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        try
        {
            Lap lap = await contender.RunAsync(order);
            return lap with
            {
                Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
                CpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds,
                Allocated = GC.GetTotalAllocatedBytes() - allocated,
            };
        }
        catch (Exception exception)
        {
            return new Lap { Error = exception.ToString() };
        }
    }
}
