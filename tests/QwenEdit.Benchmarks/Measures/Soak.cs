using System.Globalization;
using System.Security.Cryptography;
using QwenEdit.Benchmarks.Contenders;
using QwenEdit.Benchmarks.Processes;
using QwenEdit.Emulator.Records;
using QwenEdit.Segmind.Http;

namespace QwenEdit.Benchmarks.Measures;

/// <summary>Very many images over a service that misbehaves in every way it knows, each for 2 % of the requests: what the process holds, and whether the books balance.</summary>
internal sealed class Soak : IMeasure
{
    private const int Parallel = 64;
    private const int ImageBytes = 20_000;
    private const double Share = 0.02;
    private const int MostRuns = 6;
    private const int Levels = 5;

    // Late is longer than a request may take, and what was sent has arrived within the settling time.
    private const int RequestTimeoutSec = 3;
    private const int Late = 4;
    private const int SettlingTimeSec = 10;

    private static readonly object[] Faults =
    [
        new { kind = "answer", status = 500, share = Share },
        new { kind = "answer", status = 502, share = Share, content_type = "text/html", body = "<h1>Bad Gateway</h1>", name = "bad gateway" },
        new { kind = "answer-after-accepting", route = "submit", status = 504, share = Share },
        new { kind = "answer-after-accepting", route = "submit", status = 502, share = Share, content_type = "text/html", body = "<h1>Bad Gateway</h1>", name = "late bad gateway" },
        new { kind = "reset-after-accepting", route = "submit", share = Share },
        new { kind = "delay-headers", delay_seconds = Late, share = Share },
        new { kind = "delay-body", delay_seconds = Late, share = Share },
        new { kind = "reset-before-reading", share = Share },
        new { kind = "reset-after-reading", share = Share },
        new { kind = "reset-in-response", share = Share },
        new { kind = "end-in-response", share = Share },
        new { kind = "close-connection", share = Share },
        new { kind = "trickle", bytes_per_second = 500, share = Share },
    ];

    /// <inheritdoc/>
    public string Name => "soak";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(Extent extent)
    {
        using Bench bench = new(extent.Images, ImageBytes);
        await using ServiceProcess service = await ServiceProcess.StartAsync("--latency", "0.2", "--latency-spread", "0.3", "--history-body", "omitted");
        await service.MisbehaveAsync(Faults);
        string results = bench.NewResults();
        // Random seeds: the account's history can tell such jobs apart.
        ContenderTask edit = ModuleScript.Edit(
            bench, service, results, Parallel, pollSeconds: null, $"-Seed -1 -RequestTimeoutSec {RequestTimeoutSec} -SettlingTimeSec {SettlingTimeSec}") with
        {
            ErrorsExpected = true,
            LevelsAt = [.. Enumerable.Range(1, Levels).Select(number => extent.Images * number / (Levels + 1))],
        };

        using ContenderProcess host = ContenderProcess.StartPowerShell();
        await host.RunAsync(ModuleScript.Import);
        (Lap lap, List<ProcessFacts> samples) = await WatchAsync(host, edit);
        List<ProcessFacts> later = [];
        int runs = 1;
        // The same command again, as a scheduled task would: the account's history settles what is unknown.
        while (runs < MostRuns && Directory.GetFiles(results).Length < extent.Images)
        {
            runs++;
            await Task.Delay(TimeSpan.FromSeconds(SettlingTimeSec));
            later.AddRange((await WatchAsync(host, edit with { LevelsAt = [] })).Samples);
        }

        ResponseClass responseClass = await JudgeAsync(bench, service, host, results);
        return
        [
            new Figure($"soak: {extent.Images} images, each fault at {Share:0 %}, N = {Parallel}", $"{samples.Count} s, then {runs - 1} re-runs", ""),
            Held(lap.Levels),
            new Figure("soak: memory at its most", "in the first run, in the re-runs", $"{Megabytes(Most(samples))}, {Megabytes(Most(later))} MB"),
            Grown("soak: open files and sockets from the second fifth to the last", samples, each => each.Handles, 16),
            Grown("soak: threads from the second fifth to the last", samples, each => each.Threads, 8),
            new Figure("soak: billed twice", $"{responseClass.Billed} billed", $"{responseClass.Twice}", "", "0", responseClass.Twice == 0),
            new Figure("soak: neither received nor listed", $"{responseClass.Received} received, {responseClass.Listed} listed", $"{responseClass.Lost}", "", "0", responseClass.Lost == 0),
        ];
    }

    private static async Task<(Lap Lap, List<ProcessFacts> Samples)> WatchAsync(ContenderProcess host, ContenderTask edit)
    {
        List<ProcessFacts> samples = [];
        Task<Lap> running = host.RunAsync(edit);
        using PeriodicTimer second = new(TimeSpan.FromSeconds(1));
        while (!running.IsCompleted && await second.WaitForNextTickAsync())
        {
            samples.Add(ProcessFacts.Of(host.Process));
        }

        return (await running, samples);
    }

    // What is held, and not what the collector has let lie so far: in so many images its oldest generation is collected once, or not at all.
    private static Figure Held(IReadOnlyList<long> levels) => new(
        "soak: memory after a full collection",
        $"at {levels.Count} times of the first run",
        $"{string.Join(" → ", levels.Select(Megabytes))} MB",
        "",
        "≤ + 5 MB",
        levels[^1] - levels[0] <= 5 << 20);

    // Nothing where there was no re-run, or none that took a second.
    private static long Most(IReadOnlyList<ProcessFacts> samples) => samples.Select(each => each.Resident).DefaultIfEmpty().Max();

    private static string Megabytes(long bytes) => (bytes / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture);

    private static Figure Grown(string measure, List<ProcessFacts> samples, Func<ProcessFacts, int> choose, int goal)
    {
        double early = Median(samples.Skip(samples.Count / 5).Take(samples.Count / 5));
        double late = Median(samples.Skip(samples.Count * 4 / 5));
        return new Figure(measure, $"at most {samples.Max(choose)}", $"{early:0} → {late:0}", "", $"≤ + {goal}", late - early <= goal);

        double Median(IEnumerable<ProcessFacts> part)
        {
            Sample sample = new();
            foreach (ProcessFacts facts in part)
            {
                sample.Add(choose(facts));
            }

            return sample.Median;
        }
    }

    private static async Task<ResponseClass> JudgeAsync(Bench bench, ServiceProcess service, ContenderProcess host, string results)
    {
        string listed = Path.Combine(results, "..", "listed");
        await host.RunAsync(new ContenderTask
        {
            Script = $"[IO.File]::WriteAllLines({ModuleScript.Quote(listed)}, [string[]]@(Get-QwenEditJob -JournalPath {ModuleScript.Quote(bench.Journal)} | "
                + "Where-Object Status -NE Received | ForEach-Object { [IO.Path]::GetFileName($_.Source) }))",
        });
        HashSet<string> unsettled = [.. File.ReadLines(listed)];
        Books books = await service.ReadBooksAsync();
        ILookup<string?, LedgerJob> billed = books.Jobs.Where(job => job.Billed > 0).ToLookup(job => job.ImageSha256);
        string[] images = [.. Directory.EnumerateFiles(bench.Images)];
        int lost = images.Count(image =>
        {
            string name = Path.GetFileName(image);
            string result = Path.Combine(results, name);
            return File.Exists(result) ? Hash(result) != Hash(image) : !unsettled.Contains(name);
        });
        return new ResponseClass(
            books.Jobs.Count(job => job.Billed > 0), billed.Count(image => image.Count() > 1), Directory.GetFiles(results).Length, unsettled.Count, lost);
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    /// <param name="Billed">How many jobs were billed.</param>
    /// <param name="Twice">For how many images more than one was.</param>
    /// <param name="Received">How many results there are.</param>
    /// <param name="Listed">How many edits the journal lists as not received.</param>
    /// <param name="Lost">How many images have no whole result and are not listed either.</param>
    private sealed record ResponseClass(int Billed, int Twice, int Received, int Listed, int Lost);
}
