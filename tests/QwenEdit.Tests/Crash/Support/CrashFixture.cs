using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using QwenEdit.Emulator;
using QwenEdit.Emulator.History;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Crash.Support;

/// <summary>A service, a folder of images, and the one command that edits them all, to be run and killed at will.</summary>
internal sealed class CrashFixture : IAsyncDisposable
{
    /// <summary>What the script writes when the module is there and the first image is about to be asked for.</summary>
    internal const string Ready = "ready";

    private readonly TemporaryFolder _folder = new();

    private readonly Uri? _history;

    private CrashFixture(SegmindEmulator service, Uri? history) => (Service, _history) = (service, history);

    internal SegmindEmulator Service { get; }

    internal string Images => _folder["images"];

    internal string Results => _folder["results"];

    internal string Journal => _folder["state", "journal.db"];

    /// <summary>The paths of the images, in the order in which the command meets them.</summary>
    internal IReadOnlyList<string> Sources { get; private set; } = [];

    /// <summary>Parameters that the command has besides.</summary>
    internal string Parameters { get; set; } = "-ThrottleLimit 8";

    internal LedgerCheck LedgerCheck => new(this);

    /// <param name="images">How many images there are, each with bytes of its own.</param>
    /// <param name="bytes">How long each is.</param>
    /// <param name="latency">Seconds that a job takes.</param>
    internal static Task<CrashFixture> StartAsync(int images, int bytes = 3000, double latency = 0.05) => StartAsync(
        images, bytes, new EmulatorOptions { Latency = TimeSpan.FromSeconds(latency), LatencySpread = 0 }, asksHistory: false);

    /// <summary>Starts one whose service is as a test wants it, and whose command asks its history.</summary>
    internal static Task<CrashFixture> StartAsync(int images, EmulatorOptions options) => StartAsync(images, bytes: 3000, options, asksHistory: true);

    /// <summary>Adds images, each with bytes of its own.</summary>
    internal void AddImages(int count, int bytes = 3000) =>
        Sources = [.. Sources, .. Enumerable.Range(Sources.Count + 1, count).Select(number => AddImage(number, bytes))];

    internal string ResultOf(string source) => Path.Combine(Results, Path.GetFileName(source));

    internal static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    /// <summary>Starts the command.</summary>
    /// <param name="environment">Variables that it finds instead of, or besides, those of this service.</param>
    internal EditProcess Start(params (string Name, string Value)[] environment) => StartScript(
        $$"""
        '{{Ready}}'
        Get-ChildItem '{{Images}}' -Filter *.png |
            Invoke-QwenImageEdit -Prompt 'Proof' -DestinationPath '{{Results}}/' -JournalPath '{{Journal}}' -PollIntervalSec 0.05 {{Parameters}} |
            ForEach-Object { "$($_.Status) $($_.Source) $($_.Error)" }
        """,
        environment);

    /// <summary>Starts another script with this service and key.</summary>
    internal EditProcess StartScript(string text, params (string Name, string Value)[] environment)
    {
        string script = _folder[$"{Guid.NewGuid():N}.ps1"];
        File.WriteAllText(script, text);
        return EditProcess.Start(
            script,
            [("SEGMIND_ENDPOINT", Service.Endpoint.AbsoluteUri),
            ("SEGMIND_HISTORY_ENDPOINT", _history?.AbsoluteUri ?? string.Empty),
            ("SEGMIND_API_KEY", Service.ApiKey),
            .. environment]);
    }

    /// <summary>Runs the command to its own end.</summary>
    internal async Task<EndedProcess> RunAsync()
    {
        using EditProcess process = Start();
        return await process.EndedAsync();
    }

    /// <summary>The states of the edits in the journal's file, read past the module; none as long as there is no journal.</summary>
    internal string[] States()
    {
        if (!File.Exists(Journal))
        {
            return [];
        }

        try
        {
            using SqliteConnection connection = OpenJournal();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "SELECT state FROM edit ORDER BY id";
            using SqliteDataReader reader = command.ExecuteReader();
            List<string> states = [];
            while (reader.Read())
            {
                states.Add(reader.GetString(0));
            }

            return [.. states];
        }
        catch (SqliteException)
        {
            // Being made.
            return [];
        }
    }

    /// <summary>Keeps everybody else from writing to the journal until the lock is disposed.</summary>
    internal SqliteConnection LockJournal()
    {
        SqliteConnection connection = OpenJournal();
        Execute(connection, "BEGIN IMMEDIATE");
        return connection;
    }

    internal void ChangeJournal(string sql)
    {
        using SqliteConnection connection = OpenJournal();
        Execute(connection, sql);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<CrashFixture> StartAsync(int images, int bytes, EmulatorOptions options, bool asksHistory)
    {
        // Images come back as they went in: a result is whole if it is the image.
        SegmindEmulator service = await SegmindEmulator.StartAsync(options with { Edit = EditMode.None, Credits = 100_000m });
        CrashFixture fixture = new(service, asksHistory ? service.HistoryEndpoint : null);
        Directory.CreateDirectory(fixture.Images);
        fixture.AddImages(images, bytes);
        return fixture;
    }

    private SqliteConnection OpenJournal()
    {
        SqliteConnection connection = new($"Data Source={Journal};Mode=ReadWrite;Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own texts.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private string AddImage(int number, int length)
    {
        string path = Path.Combine(Images, number.ToString("00000", CultureInfo.InvariantCulture) + ".png");
        File.WriteAllBytes(path, TestImages.WholePng(length, number));
        return path;
    }
}
