using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using QwenEdit.Emulator;
using QwenEdit.Emulator.History;
using QwenEdit.Emulator.Records;

namespace QwenEdit.Benchmarks.Processes;

/// <summary>The service's books, as the emulator's control API tells them.</summary>
internal sealed record Books(decimal Billed, IReadOnlyList<LedgerJob> Jobs, IReadOnlyList<LedgerRequest> Requests);

/// <summary>The service in a process of its own, so that its work is not counted. Images come back as they went in.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    /// <summary>The key that it takes.</summary>
    internal const string ApiKey = "SG_0123456789abcdef";

    private const string Workers = "--workers";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    private readonly Process _process;
    private readonly HttpClient _control = new() { Timeout = TimeSpan.FromMinutes(5) };

    private ServiceProcess(Process process) => _process = process;

    /// <summary>Its address, as <c>SEGMIND_ENDPOINT</c> takes it.</summary>
    internal string Endpoint { get; private set; } = "";

    /// <summary>The request history's address.</summary>
    internal string HistoryEndpoint { get; private set; } = "";

    /// <summary>Starts it. It works on any number of jobs at once, unless an option says otherwise.</summary>
    /// <param name="options">Further options of the emulator's command line.</param>
    internal static async Task<ServiceProcess> StartAsync(params string[] options)
    {
        string program = typeof(SegmindEmulator).Assembly.Location;
        ProcessStartInfo start = new(
            "dotnet",
            [
                program, "--port", "0", "--edit", "none", "--credits", "1000000", "--quiet",
                .. options.Contains(Workers) ? Array.Empty<string>() : [Workers, "0"], .. options,
            ])
        {
            RedirectStandardOutput = true,
        };
        ServiceProcess service = new(Process.Start(start)!);
        while (service.HistoryEndpoint.Length == 0)
        {
            string line = await service._process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60))
                ?? throw new InvalidOperationException("The emulator did not start.");
            service.Endpoint = Setting(line, "$env:SEGMIND_ENDPOINT") ?? service.Endpoint;
            service.HistoryEndpoint = Setting(line, "$env:SEGMIND_HISTORY_ENDPOINT") ?? service.HistoryEndpoint;
        }

        service._control.BaseAddress = new Uri(service.Endpoint);
        return service;
    }

    /// <summary>Forgets all jobs, books and faults.</summary>
    internal Task ResetAsync() => PostAsync("reset", new { });

    /// <summary>Has things go wrong.</summary>
    internal Task MisbehaveAsync(object faults) => PostAsync("faults", faults);

    /// <summary>Reads the books.</summary>
    internal async Task<Books> ReadBooksAsync() => (await _control.GetFromJsonAsync<Books>("/_emulator/ledger", Json))!;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        // By a signal that it hears, where there is one, so that it removes its images.
        using Process? kill = OperatingSystem.IsWindows() ? null : Process.Start("kill", $"-TERM {_process.Id}");
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        try
        {
            if (kill is null)
            {
                _process.Kill();
            }

            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task PostAsync(string what, object body)
    {
        using HttpResponseMessage response = await _control.PostAsJsonAsync($"/_emulator/{what}", body, Json);
        response.EnsureSuccessStatusCode();
    }

    private static string? Setting(string line, string name) =>
        line.Contains(name, StringComparison.Ordinal) ? line.Split('\'')[1].TrimEnd('/') : null;
}
