using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using QwenEdit.Tests.Crash.Support;
using Xunit.Abstractions;

namespace QwenEdit.Tests.Emulation;

/// <summary>What must not take memory, measured at a process of its own. Long: set QWENEDIT_LONG_TESTS=1 to run them.</summary>
public sealed class LoadTests(ITestOutputHelper output)
{
    private const int Jobs = 100_000;
    private const int Megabyte = 1024 * 1024;

    [LongFact]
    public async Task A_hundred_thousand_jobs_pass_through_with_less_than_200_MB()
    {
        await using var emulator = await EmulatorProcess.StartAsync("--edit", "none", "--latency", "0", "--credits", "1000000", "--quiet");
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("x-api-key", "SG_0123456789abcdef");
        var body = Encoding.UTF8.GetBytes($$"""{"image": "{{TestImages.DataUri}}", "prompt": "Change '1000$' to '5$'", "steps": 8, "seed": 7}""");
        var before = emulator.ProcessorTime;
        var clock = Stopwatch.StartNew();

        await Parallel.ForAsync(0, Jobs, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (_, token) =>
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var submitted = await http.PostAsync(new Uri(emulator.Endpoint, "/v2/qwen-image-edit-fast"), content, token);
            using var job = JsonDocument.Parse(await submitted.Content.ReadAsByteArrayAsync(token));
            var result = await http.GetByteArrayAsync(new Uri(job.RootElement.GetProperty("response_url").GetString()!), token);
            using var completed = JsonDocument.Parse(result);
            var file = await http.GetByteArrayAsync(new Uri(completed.RootElement.GetProperty("output").GetString()!), token);
            Assert.Equal(TestImages.Png.Length, file.Length);
        });

        var processor = emulator.ProcessorTime - before;
        output.WriteLine($"{Jobs:N0} jobs (3 requests each) in {clock.Elapsed.TotalSeconds:N1} s, {Jobs / clock.Elapsed.TotalSeconds:N0} jobs/s; "
            + $"the emulator took {processor.TotalSeconds:N1} s of processor time, {Jobs / processor.TotalSeconds:N0} jobs per second of one core; "
            + $"its peak memory was {emulator.PeakMemory / Megabyte} MB.");
        Assert.True(emulator.PeakMemory < 200L * Megabyte, $"The peak was {emulator.PeakMemory / Megabyte} MB.");
        await using var ledger = await http.GetStreamAsync(new Uri(emulator.Endpoint, "/_emulator/status"));
        using var status = await JsonDocument.ParseAsync(ledger);
        Assert.Equal(Jobs, status.RootElement.GetProperty("counts").GetProperty("completed").GetInt32());
    }

    [LongFact]
    public async Task Inline_images_of_60_MB_are_not_held_in_memory()
    {
        await using var emulator = await EmulatorProcess.StartAsync("--edit", "none", "--latency", "0", "--quiet");
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("x-api-key", "SG_0123456789abcdef");
        await RunAsync(1000, 1);
        var before = emulator.PeakMemory;

        await RunAsync(60 * Megabyte, 8);

        var grown = (emulator.PeakMemory - before) / Megabyte;
        output.WriteLine($"8 jobs with 60 MB each, as files and as base64, let the peak grow by {grown} MB.");
        Assert.True(grown < 60, $"The peak grew by {grown} MB.");

        async Task RunAsync(int length, int jobs)
        {
            var image = Convert.ToBase64String(TestImages.Bytes(length));
            byte[][] bodies = [BodyOf("false"), BodyOf("true")];
            for (var i = 0; i < jobs; i++)
            {
                using var content = new ByteArrayContent(bodies[i % 2]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
                using var submitted = await http.PostAsync(new Uri(emulator.Endpoint, "/v2/qwen-image-edit-fast"), content);
                Assert.Equal(HttpStatusCode.OK, submitted.StatusCode);
                using var job = JsonDocument.Parse(await submitted.Content.ReadAsByteArrayAsync());
                await using var result = await http.GetStreamAsync(new Uri(job.RootElement.GetProperty("response_url").GetString()!));
                await result.CopyToAsync(Stream.Null);
            }

            byte[] BodyOf(string base64) =>
                Encoding.UTF8.GetBytes($$"""{"prompt": "x", "base64": {{base64}}, "image": "data:image/png;base64,{{image}}"}""");
        }
    }
}
