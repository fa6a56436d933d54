using System.Globalization;
using Microsoft.Data.Sqlite;
using QwenEdit.Benchmarks.Contenders;
using QwenEdit.Benchmarks.Processes;

namespace QwenEdit.Benchmarks.Measures;

/// <summary>What an image costs when the journal has the edits of many months, over one that has hardly any.</summary>
internal sealed class LongJournal : IMeasure
{
    private const int Edits = 1_000_000;
    private const int ImagesALap = 300;
    private const int ImageBytes = 20_000;
    private const double PollSeconds = 0.05;

    /// <inheritdoc/>
    public string Name => "journal";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(Extent extent)
    {
        using Bench young = new(ImagesALap, ImageBytes);
        using Bench old = new(ImagesALap, ImageBytes);
        await using ServiceProcess service = await ServiceProcess.StartAsync("--latency", "0");
        using ContenderProcess host = ContenderProcess.StartPowerShell();
        await host.RunAsync(ModuleScript.Import);
        // For the compilers; and the old journal gets an edit to be like.
        await LapAsync(young);
        await LapAsync(old);
        Lengthen(old.Journal);

        (Sample Time, Sample Cpu) few = (new Sample(), new Sample());
        (Sample Time, Sample Cpu) many = (new Sample(), new Sample());
        for (int round = 0; round < extent.Repetitions; round++)
        {
            Add(few, await LapAsync(young));
            Add(many, await LapAsync(old));
        }

        string about = $"with a journal of {Edits.ToString("N0", CultureInfo.InvariantCulture)} edits, over one of hundreds";
        return
        [
            new Figure("time per image, without the pause before the poll", about, many.Time.Show("0.0", " ms"), many.Time.Over(few.Time).Show("0.00", " ×")),
            new Figure("CPU per image", about, many.Cpu.Show("0.0", " ms"), many.Cpu.Over(few.Cpu).Show("0.00", " ×")),
        ];

        Task<Lap> LapAsync(Bench bench) => host.RunAsync(ModuleScript.Edit(bench, service, bench.NewResults(), 1, PollSeconds));

        static void Add((Sample Time, Sample Cpu) to, Lap lap)
        {
            to.Time.Add(((lap.Seconds / lap.Count) - PollSeconds) * 1000);
            to.Cpu.Add(lap.CpuSeconds / lap.Count * 1000);
        }
    }

    // Like its first edit, each an image of its own, one every 20 seconds until then.
    private static void Lengthen(string journal)
    {
        using SqliteConnection connection = new($"Data Source={journal};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = $"""
            WITH RECURSIVE number (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM number WHERE value < {Edits})
            INSERT INTO edit (identity, state, source, destination, endpoint, model, prompt, fields, seed, image_format, request_id, created, submitting,
                submitted, ended, cost, remaining_credits, queue_seconds, inference_seconds, output_url, file_length, file_time, file_hash, run, account)
            SELECT printf('%064x', value), 'Received', source || value, destination || value, endpoint, model, prompt, fields, seed, image_format,
                printf('%032x', value), created - ago, submitting - ago, submitted - ago, ended - ago, cost, remaining_credits, queue_seconds,
                inference_seconds, output_url, file_length, file_time, file_hash, run, account
            FROM (SELECT *, ({Edits} - value) * 20000 AS ago FROM number JOIN (SELECT * FROM edit WHERE state = 'Received' ORDER BY id LIMIT 1));
            INSERT INTO charge (edit, attempt, run, endpoint, account, model, request_id, credits, charged)
            SELECT id, attempt, run, endpoint, account, model, request_id, cost, ended FROM edit WHERE cost IS NOT NULL
            ON CONFLICT DO NOTHING
            """;
        command.ExecuteNonQuery();
    }
}
