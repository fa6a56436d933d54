using QwenEdit.Emulator;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

public sealed class StreamingTests : CommandTest
{
    protected override EmulatorOptions Options { get; } = new() { Edit = EditMode.None, Latency = TimeSpan.FromMilliseconds(150) };

    [Theory]
    [InlineData("Invoke-QwenImageEdit", 1)]
    [InlineData("Invoke-QwenImageEdit", 2)]
    [InlineData("Submit-QwenImageEdit", 1)]
    public async Task The_first_object_comes_out_before_the_last_image_is_asked_for(string command, int throttleLimit)
    {
        Folder.Images("1.png", "2.png", "3.png", "4.png");
        using ManualResetEventSlim firstIsOut = new();
        Host.Set("firstIsOut", firstIsOut);

        using RunningScript running = Host.Start($$"""
            & { '1.png'; '2.png'; while (-not (Get-QwenEditJob)) { [Threading.Thread]::Sleep(20) }; '3.png'; if (-not $firstIsOut.Wait(20000)) { throw 'no result came out' }; '4.png' } |
                {{command}} -Prompt 'Make it red' -ThrottleLimit {{throttleLimit}}
            """);
        Assert.NotEmpty(await running.WhenOutputAsync(1).WaitAsync(Patience));
        firstIsOut.Set();

        Assert.Equal(4, (await running.Completion.WaitAsync(Patience)).WithoutErrors().Output.Count);
    }

    [Fact]
    public async Task Results_come_as_they_finish()
    {
        Folder.Images("quick.png", "slow.png", "quicker.png");

        ScriptRun run = (await RunAsync("""
            'slow.png', 'quick.png' | Invoke-QwenImageEdit -Prompt { "emulate:seconds=$(if ($_ -eq 'slow.png') { 2 } else { 0.1 })" }
            """)).WithoutErrors();

        Assert.Equal([Folder["quick.png"], Folder["slow.png"]], run.Values("Source"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task No_more_edits_than_ThrottleLimit_are_under_way(int throttleLimit)
    {
        string[] names = [.. Enumerable.Range(0, 10).Select(number => $"{number}.png")];
        Folder.Images(names);

        ScriptRun run = (await RunAsync($"Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -ThrottleLimit {throttleLimit}")).WithoutErrors();

        Assert.Equal(10, run.Output.Count);
        Assert.Equal(throttleLimit, MostUnderWay());
    }

    [Fact]
    public async Task Eight_edits_are_under_way_at_first_and_more_where_that_helps_unless_asked_otherwise()
    {
        string[] names = [.. Enumerable.Range(0, 60).Select(number => $"{number:00}.png")];
        Folder.Images(names);

        ScriptRun run = (await RunAsync("Invoke-QwenImageEdit *.png 'Make it red' -Verbose")).WithoutErrors();

        Assert.InRange(MostUnderWay(), 12, 64);
        Assert.Contains("From now on 12 edits at the same time", string.Join('\n', run.Verbose), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submitting_does_not_wait_for_the_jobs()
    {
        Folder.Images("1.png", "2.png");

        ScriptRun run = (await RunAsync("Submit-QwenImageEdit *.png 'emulate:queued'")).WithoutErrors();

        Assert.Equal(Emulator.Ledger.Jobs.Select(job => job.RequestId).Order(), run.Values("RequestId").Order());
        Assert.All(Emulator.Ledger.Requests, request => Assert.Equal(ApiRoute.Submit, request.Route));
    }

    [Fact]
    public async Task Many_images_come_to_as_many_results()
    {
        string[] names = [.. Enumerable.Range(0, 200).Select(number => $"{number}.png")];
        Folder.Images(names);

        ScriptRun run = (await RunAsync("Get-ChildItem | Invoke-QwenImageEdit -Prompt 'Make it red' -ThrottleLimit 64 -DestinationPath out")).WithoutErrors();

        Assert.Equal(200, run.Values("Destination").Distinct().Count());
        Assert.Equal(200, Directory.GetFiles(Folder["out"], "*.png").Length);
        Assert.All(Emulator.Ledger.Jobs, job => Assert.Equal(1, job.Fetched));
    }

    // An edit is under way from its submission until its output has been asked for, after which its place is free again.
    private int MostUnderWay()
    {
        (int now, int most) = (0, 0);
        foreach (LedgerRequest request in Emulator.Ledger.Requests)
        {
            now += request.Route switch { ApiRoute.Submit => 1, ApiRoute.File => -1, _ => 0 };
            most = Math.Max(most, now);
        }

        return most;
    }
}
