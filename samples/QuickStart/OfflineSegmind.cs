using QwenEdit.Emulator;
using QwenEdit.Emulator.History;
using QwenEdit.Emulator.Spool;

namespace QuickStart;

/// <summary>An emulator of Segmind, and a temporary folder for the journal and other files of one run.</summary>
internal sealed class OfflineSegmind : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private OfflineSegmind(DirectoryInfo folder, SegmindEmulator emulator)
    {
        _folder = folder;
        Emulator = emulator;
    }

    public SegmindEmulator Emulator { get; }

    /// <summary>The account's balance at the start, in credits.</summary>
    public static decimal Credits => 100;

    /// <summary>A private folder, which is removed at the end.</summary>
    public string TemporaryFolder => _folder.FullName;

    /// <summary>The variables that point the module to the emulator. They replace a real key, endpoint and journal of the user.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["SEGMIND_ENDPOINT"] = Emulator.Endpoint.AbsoluteUri,
        ["SEGMIND_HISTORY_ENDPOINT"] = Emulator.HistoryEndpoint.AbsoluteUri,
        ["SEGMIND_API_KEY"] = Emulator.ApiKey,
        ["QWENEDIT_JOURNAL"] = Path.Combine(TemporaryFolder, "journal.db"),
    };

    public static async Task<OfflineSegmind> StartAsync(CancellationToken stop)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("qwenedit-quickstart-");
        return new OfflineSegmind(folder, await SegmindEmulator.StartAsync(
            new EmulatorOptions
            {
                Credits = Credits,
                // The average of the service.
                CostPerJob = 0.0364m,
                // The service takes some nine seconds, which is long for a first look.
                Latency = TimeSpan.FromSeconds(2),
                LatencySpread = 0.3,
                SpoolFolder = folder.FullName,
            },
            stop));
    }

    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A process that the shell started may still use the journal. The system clears its temporary folder.
        }
    }
}
