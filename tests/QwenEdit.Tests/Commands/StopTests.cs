using System.Diagnostics;
using QwenEdit.Commands.Parameters;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Faults;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

/// <summary>Ways out of a call before its end: the edits would take minutes, and nothing may go on without the caller.</summary>
public sealed class StopTests : CommandTest
{
    private const string Edit = "Invoke-QwenImageEdit *.png 'Make it red'";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    private static readonly Dictionary<string, string> RetryLate = new() { ["Retry-After"] = "300" };

    protected override IReadOnlyList<string> Images { get; } = ["1.png", "2.png", "3.png", "4.png"];

    public static TheoryData<string, ApiRoute, int, Fault?> Moments => new()
    {
        { "Invoke-QwenImageEdit *.png 'emulate:processing'", ApiRoute.Status, 8, null },
        { "Get-ChildItem | Invoke-QwenImageEdit -Prompt 'emulate:processing' -ThrottleLimit 2", ApiRoute.Status, 4, null },
        { "Invoke-QwenImageEdit *.png 'Make it red' -PollIntervalSec 60", ApiRoute.Submit, 4, null },
        { "Submit-QwenImageEdit *.png 'emulate:processing' | Get-QwenEditStatus -Wait", ApiRoute.Status, 2, null },
        { "Submit-QwenImageEdit *.png 'emulate:processing' | Receive-QwenEditResult -Wait", ApiRoute.Status, 2, null },
        { Edit, ApiRoute.Submit, 1, new() { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Submit, Delay = TimeSpan.FromMinutes(5) } },
        { Edit, ApiRoute.Status, 1, new() { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Status, Delay = TimeSpan.FromMinutes(5) } },
        { Edit, ApiRoute.Submit, 1, new() { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = 429, Headers = RetryLate } },
        { Edit, ApiRoute.Submit, 1, new() { Kind = FaultKind.Answer, Route = ApiRoute.Submit, Status = 500 } },
        { Edit + " -Transport Sync", ApiRoute.Sync, 1, new() { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Sync, Delay = TimeSpan.FromMinutes(5) } },
        { Edit + " -Transport Sync", ApiRoute.Sync, 1, new() { Kind = FaultKind.Trickle, Route = ApiRoute.Sync, BytesPerSecond = 1 } },
        { Edit + " -Upload Storage", ApiRoute.Upload, 1, new() { Kind = FaultKind.DelayHeaders, Route = ApiRoute.Upload, Delay = TimeSpan.FromMinutes(5) } },
        { Edit, ApiRoute.File, 1, new() { Kind = FaultKind.Trickle, Route = ApiRoute.File, BytesPerSecond = 1 } },
    };

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task Ctrl_C_ends_the_call_at_once_and_leaves_nothing_behind(string script, ApiRoute route, int requests, Fault? fault)
    {
        if (fault is not null)
        {
            Emulator.Faults.Add(fault);
        }

        using RunningScript running = Host.Start(script);
        await Emulator.Ledger.WaitForAsync(_ => Emulator.Ledger.RequestsOn(route).Count >= requests).WaitAsync(Patience);
        Stopwatch watch = Stopwatch.StartNew();
        ScriptRun run = await running.StopAsync().WaitAsync(Patience);

        Assert.True(run.Stopped);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Soon);
        Assert.Empty(run.Errors);
        await AssertNothingGoesOnAsync();
    }

    [Fact]
    public async Task The_session_goes_on_after_a_stop()
    {
        using (RunningScript running = Host.Start("Invoke-QwenImageEdit *.png 'emulate:processing'"))
        {
            await Emulator.Ledger.WaitForAsync(request => request.Route == ApiRoute.Status).WaitAsync(Patience);
            await running.StopAsync().WaitAsync(Patience);
        }

        // Elsewhere: the jobs of the first call are still to be received where it was to put them.
        ScriptRun run = (await RunAsync("Invoke-QwenImageEdit *.png 'Make it red' -DestinationPath red")).WithoutErrors();
        Assert.Equal(4, run.Output.Count);
    }

    // A task that was left would be heard while another client edits an image; what was on its way may still arrive. With a journal of its own, the
    // client knows nothing of a limit that was met.
    private async Task AssertNothingGoesOnAsync()
    {
        int before = Emulator.Ledger.Requests.Count;
        int jobs = Math.Max(1, Emulator.Ledger.Jobs.Count);
        string[] files = [.. Folder.Files];
        Emulator.Faults.Clear();
        using ImageFolder elsewhere = new();
        using PowerShellHost other = OpenSession().Set("image", elsewhere.Image("marker.png")).Set("journal", elsewhere["journal.db"]);

        ScriptRun marker = (await other.RunAsync("Invoke-QwenImageEdit $image 'emulate:seconds=0.4' -JournalPath $journal").WaitAsync(Patience)).WithoutErrors();

        Assert.InRange(
            Emulator.Ledger.Requests.Skip(before).Count(request => request.RequestId != (string)marker.Values("RequestId")[0]!), 0, jobs);
        Assert.Equal(files, Folder.Files);
        Assert.DoesNotContain(files, file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }
}
