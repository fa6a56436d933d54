using QwenEdit.Emulator;

namespace QuickStart;

/// <summary>An emulator that this process and all it starts take for Segmind, with a journal of its own.</summary>
internal sealed class OfflineSegmind : IAsyncDisposable
{
    private readonly DirectoryInfo _journal = Directory.CreateTempSubdirectory("qwenedit-quickstart-");

    private OfflineSegmind(SegmindEmulator emulator)
    {
        Emulator = emulator;
        // Whatever is set outside: a real key must not reach the emulator, an edit not Segmind, and neither the user's journal.
        Environment.SetEnvironmentVariable("SEGMIND_ENDPOINT", emulator.Endpoint.AbsoluteUri);
        Environment.SetEnvironmentVariable("SEGMIND_HISTORY_ENDPOINT", emulator.HistoryEndpoint.AbsoluteUri);
        Environment.SetEnvironmentVariable("SEGMIND_API_KEY", emulator.ApiKey);
        Environment.SetEnvironmentVariable("QWENEDIT_JOURNAL", Path.Combine(_journal.FullName, "journal.db"));
    }

    public SegmindEmulator Emulator { get; }

    public static async Task<OfflineSegmind> StartAsync(CancellationToken stop) => new(await SegmindEmulator.StartAsync(
        new EmulatorOptions { Latency = TimeSpan.FromSeconds(2), LatencySpread = 0.3 }, stop));

    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        try
        {
            _journal.Delete(recursive: true);
        }
        catch (IOException)
        {
            // Something still holds it; the system clears its temporary folder.
        }
    }
}
