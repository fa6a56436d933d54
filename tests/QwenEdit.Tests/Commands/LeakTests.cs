using System.Diagnostics;
using System.Net.NetworkInformation;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>What many calls leave in a long-lived session.</summary>
[Collection(nameof(Alone))]
public sealed class LeakTests : CommandTest
{
    private const int Repetitions = 20;

    // Jobs that nobody waits for any more must not hold the next ones up.
    protected override EmulatorOptions Options { get; } = new() { Edit = EditMode.None, Latency = TimeSpan.FromMilliseconds(20), Workers = 0 };

    protected override IReadOnlyList<string> Images { get; } = ["1.png", "2.png", "3.png", "4.png"];

    [Theory]
    [InlineData("Invoke-QwenImageEdit *.png 'Make it red' -Force")]
    [InlineData("'1.png', '2.png' | Invoke-QwenImageEdit -Prompt { if ($_ -eq '2.png') { 'red' } else { 'emulate:queued' } } -Force | Select-Object -First 1")]
    [InlineData("$null = Submit-QwenImageEdit ?.png 'emulate:processing' -Force | Get-QwenEditStatus")]
    public async Task Repeated_calls_leave_no_connections_and_no_threads(string script)
    {
        await RepeatAsync(2, () => RunAsync(script));
        int threads = Threads();

        await RepeatAsync(Repetitions, () => RunAsync(script));

        Assert.Equal(0, Connections());
        Assert.InRange(Threads() - threads, int.MinValue, Repetitions);
    }

    [Fact]
    public async Task Stopped_calls_leave_no_connections_and_no_threads()
    {
        await RepeatAsync(2, StopOnceAsync);
        int threads = Threads();

        await RepeatAsync(Repetitions, StopOnceAsync);

        Assert.Equal(0, Connections());
        Assert.InRange(Threads() - threads, int.MinValue, Repetitions);
    }

    private static async Task RepeatAsync(int times, Func<Task> action)
    {
        for (int time = 0; time < times; time++)
        {
            await action();
        }
    }

    private async Task StopOnceAsync()
    {
        int before = Emulator.Ledger.RequestsOn(ApiRoute.Status).Count;
        using RunningScript running = Host.Start("Get-ChildItem | Invoke-QwenImageEdit -Prompt 'emulate:processing' -PollIntervalSec 0.05");
        await Emulator.Ledger.WaitForAsync(_ => Emulator.Ledger.RequestsOn(ApiRoute.Status).Count > before + 4).WaitAsync(Patience);
        Assert.True((await running.StopAsync().WaitAsync(Patience)).Stopped);
    }

    private int Connections() => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections().Count(connection =>
        connection.State == TcpState.Established
        && (connection.RemoteEndPoint.Port == Emulator.Endpoint.Port || connection.RemoteEndPoint.Port == Emulator.FilesEndpoint.Port));

    private static int Threads()
    {
        using Process process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }
}
