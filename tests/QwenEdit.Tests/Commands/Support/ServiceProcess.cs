using System.Diagnostics;
using QwenEdit.Emulator;

namespace QwenEdit.Tests.Commands.Support;

/// <summary>The service in a process of its own, so that its memory and its work are not counted. Images come back as they went in.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private readonly Process _process;

    private ServiceProcess(Process process) => _process = process;

    /// <summary>Where it listens.</summary>
    internal string Endpoint { get; private set; } = "";

    /// <summary>Starts it; it takes the key that emulators have unless told otherwise.</summary>
    internal static async Task<ServiceProcess> StartAsync()
    {
        string program = typeof(SegmindEmulator).Assembly.Location;
        ProcessStartInfo start = new("dotnet", [program, "--port", "0", "--edit", "none", "--latency", "0.05", "--quiet"])
        {
            RedirectStandardOutput = true,
        };
        ServiceProcess service = new(Process.Start(start)!);
        while (await service._process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) is { } line)
        {
            if (line.Contains("$env:SEGMIND_ENDPOINT", StringComparison.Ordinal))
            {
                service.Endpoint = line.Split('\'')[1];
                return service;
            }
        }

        throw new InvalidOperationException("The service did not start.");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
