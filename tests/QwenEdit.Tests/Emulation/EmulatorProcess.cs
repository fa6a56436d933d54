using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using QwenEdit.Emulator;

namespace QwenEdit.Tests.Emulation;

/// <summary>The emulator as a program of its own, as a person starts it.</summary>
internal sealed partial class EmulatorProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task<string> errors;
    private readonly List<string> lines = [];

    private EmulatorProcess(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[typeof(SegmindEmulator).Assembly.Location, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }
        process = Process.Start(start)!;
        errors = process.StandardError.ReadToEndAsync();
    }

    public Uri Endpoint { get; private set; } = null!;

    public string Output => string.Join('\n', lines);

    /// <summary>The most memory that the process has ever had resident, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            var status = $"/proc/{process.Id}/status";
            if (File.Exists(status))
            {
                var peak = Array.Find(File.ReadAllLines(status), line => line.StartsWith("VmHWM:", StringComparison.Ordinal))!;
                return long.Parse(Digits().Match(peak).Value, CultureInfo.InvariantCulture) * 1024;
            }
            process.Refresh();
            return process.PeakWorkingSet64;
        }
    }

    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static async Task<EmulatorProcess> StartAsync(params string[] arguments)
    {
        var emulator = new EmulatorProcess(["--port", "0", .. arguments]);
        while (!emulator.Output.Contains("Ctrl+C", StringComparison.Ordinal))
        {
            var line = await emulator.process.StandardOutput.ReadLineAsync();
            Assert.True(line is not null, line is null ? await emulator.errors : "");
            emulator.lines.Add(line!);
        }
        emulator.Endpoint = new Uri(Setting().Match(emulator.Output).Groups[1].Value);
        return emulator;
    }

    public static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var emulator = new EmulatorProcess(arguments);
        var output = await emulator.process.StandardOutput.ReadToEndAsync();
        await emulator.process.WaitForExitAsync();
        return (emulator.process.ExitCode, output, await emulator.errors);
    }

    public Task<string?> ReadLineAsync(CancellationToken cancellationToken) => process.StandardOutput.ReadLineAsync(cancellationToken).AsTask();

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }
        await process.WaitForExitAsync();
        process.Dispose();
    }

    [GeneratedRegex(@"\$env:SEGMIND_ENDPOINT = '(http[^']+)'")]
    private static partial Regex Setting();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
