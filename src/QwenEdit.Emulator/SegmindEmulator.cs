using System.Net;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.History;
using QwenEdit.Emulator.Records;

namespace QwenEdit.Emulator;

/// <summary>The service on this machine: the API, the files and the request history, each on its own port.</summary>
/// <example><code>
/// await using var emulator = await SegmindEmulator.StartAsync(new() { Latency = TimeSpan.FromSeconds(2) });
/// Environment.SetEnvironmentVariable("SEGMIND_ENDPOINT", emulator.Endpoint.AbsoluteUri);
/// Environment.SetEnvironmentVariable("SEGMIND_API_KEY", emulator.ApiKey);
/// </code></example>
public sealed class SegmindEmulator : IAsyncDisposable
{
    private readonly EmulatorOptions options;
    private readonly EmulatorParts parts;
    private readonly WebApplication server;

    private SegmindEmulator(EmulatorOptions options)
    {
        this.options = options;
        parts = new EmulatorParts(options);
        server = EmulatorServer.Create(options, parts);
    }

    /// <summary>The API, to be used as <c>SEGMIND_ENDPOINT</c>. A browser finds the status page there.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>Where output files and assets are; no key is needed there, and none should be sent.</summary>
    public Uri FilesEndpoint { get; private set; } = null!;

    /// <summary>The request history, to be used as <c>SEGMIND_HISTORY_ENDPOINT</c>.</summary>
    public Uri HistoryEndpoint { get; private set; } = null!;

    /// <summary>The key of the first account.</summary>
    public string ApiKey => options.ApiKey;

    /// <summary>The record of all requests and jobs.</summary>
    public Ledger Ledger => parts.Ledger;

    /// <summary>The faults that are injected.</summary>
    public FaultList Faults => parts.Faults;

    /// <summary>The emulator's clock.</summary>
    public EmulatorClock Clock => parts.Clock;

    /// <summary>Starts an emulator, which is ready when this returns.</summary>
    /// <exception cref="IOException">A port is taken.</exception>
    public static async Task<SegmindEmulator> StartAsync(EmulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        var emulator = new SegmindEmulator(options ?? new EmulatorOptions());
        try
        {
            await emulator.server.StartAsync(cancellationToken);
        }
        catch
        {
            await emulator.DisposeAsync();
            throw;
        }
        var addresses = EmulatorServer.Addresses(emulator.server);
        emulator.Endpoint = addresses[0];
        emulator.FilesEndpoint = emulator.parts.Files.Endpoint = addresses[1];
        emulator.HistoryEndpoint = addresses[2];
        return emulator;
    }

    /// <summary>Resets the emulator: no jobs, no records, no faults, the first account with its balance, and the clock at the present.</summary>
    public void Reset() => parts.Reset();

    /// <summary>Stops listening, drops the requests under way, and removes all images.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        // Requests that wait for a job or a fault would hold a graceful stop up.
        await server.StopAsync(now.Token);
        await server.DisposeAsync();
        await parts.DisposeAsync();
    }
}
