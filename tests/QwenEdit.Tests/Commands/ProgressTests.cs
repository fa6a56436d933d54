using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using QwenEdit.Emulator;
using QwenEdit.Emulator.Api;
using QwenEdit.Emulator.Records;
using QwenEdit.Tests.Commands.Support;
using QwenEdit.Tests.Support;

namespace QwenEdit.Tests.Commands;

public sealed partial class ProgressTests : CommandTest
{
    protected override EmulatorOptions Options { get; } = new() { Edit = EditMode.None, Latency = TimeSpan.FromMilliseconds(400) };

    protected override IReadOnlyList<string> Images { get; } = ["1.png", "2.png", "3.png", "4.png", "5.png", "6.png"];

    [Fact]
    public async Task Counts_what_is_done_failed_and_in_flight_and_what_it_cost()
    {
        ScriptRun run = await RunAsync("""
            Get-ChildItem | Invoke-QwenImageEdit -Prompt { if ($_.Name -eq '1.png') { 'emulate:fail' } else { 'Make it red' } } -ThrottleLimit 2
            """);

        Match[] shown = [.. Updates(run).Select(record => Counts().Match(record.StatusDescription))];
        Assert.All(shown, match => Assert.True(match.Success));
        Assert.All(shown, match => Assert.InRange(int.Parse(match.Groups["flying"].Value, CultureInfo.InvariantCulture), 0, 2));
        Assert.True(shown.Zip(shown.Skip(1)).All(pair => Ended(pair.First) <= Ended(pair.Second)));
        Assert.Equal("1", shown[^1].Groups["failed"].Value);
        Assert.Contains(shown, match => match.Groups["cost"].Success);
        Assert.All(run.Progress, record => Assert.Equal("Editing images", record.Activity));
    }

    [Fact]
    public async Task Shows_a_percentage_only_once_the_number_is_known()
    {
        using ManualResetEventSlim goOn = new();
        Host.Set("goOn", goOn);
        using RunningScript running = Host.Start("""
            & { '1.png'; '2.png'; $null = $goOn.Wait(20000); '3.png'; '4.png' } | Invoke-QwenImageEdit -Prompt 'Make it red' -ThrottleLimit 1
            """);
        await running.WhenOutputAsync(1).WaitAsync(Patience);
        goOn.Set();
        ScriptRun run = (await running.Completion.WaitAsync(Patience)).WithoutErrors();

        int[] percents = [.. Updates(run).Select(record => record.PercentComplete)];
        Assert.Equal(-1, percents[0]);
        Assert.Contains(percents, percent => percent is >= 50 and <= 100);
        Assert.DoesNotContain(-1, percents.SkipWhile(percent => percent == -1));
    }

    [Fact]
    public async Task Shows_a_percentage_from_the_start_where_all_images_are_named()
    {
        ScriptRun run = (await RunAsync("Invoke-QwenImageEdit ?.png 'Make it red' -ThrottleLimit 2")).WithoutErrors();

        Assert.Equal(0, Updates(run)[0].PercentComplete);
        Assert.True(Updates(run)[^1].SecondsRemaining >= 0);
    }

    [Fact]
    public async Task Is_shown_at_most_four_times_a_second()
    {
        string[] names = [.. Enumerable.Range(0, 40).Select(number => $"more/{number}.png")];
        Folder.Images(names);
        Stopwatch watch = Stopwatch.StartNew();

        ScriptRun run = (await RunAsync("Get-ChildItem more | Invoke-QwenImageEdit -Prompt 'emulate:seconds=0.05' -PollIntervalSec 0.05")).WithoutErrors();

        Assert.InRange(Updates(run).Count, 1, (int)(watch.Elapsed.TotalSeconds * 4) + 1);
    }

    [Theory]
    [InlineData("Invoke-QwenImageEdit ?.png 'Make it red'")]
    [InlineData("Invoke-QwenImageEdit ?.png 'emulate:fail'")]
    [InlineData("Invoke-QwenImageEdit ?.png 'emulate:fail' -ErrorAction Stop")]
    [InlineData("Invoke-QwenImageEdit ?.png 'Make it red' -ThrottleLimit 2 | Select-Object -First 1")]
    [InlineData("Invoke-QwenImageEdit ?.png 'Make it red' -ThrottleLimit 2 | ForEach-Object { throw 'enough' }")]
    [InlineData("Invoke-QwenImageEdit ?.png 'Make it red' -Model no-such-model")]
    [InlineData("Submit-QwenImageEdit ?.png 'Make it red' | Get-QwenEditStatus -Wait")]
    [InlineData("Submit-QwenImageEdit ?.png 'Make it red' | Receive-QwenEditResult -Wait")]
    [InlineData("& { '1.png'; throw 'no more' } | Invoke-QwenImageEdit -Prompt 'Make it red'")]
    public async Task Every_bar_is_taken_away_at_the_end(string script) => AssertClosed(await RunAsync(script));

    [Fact]
    public async Task The_bar_is_taken_away_by_Ctrl_C()
    {
        using RunningScript running = Host.Start("Invoke-QwenImageEdit ?.png 'emulate:processing'");
        await Emulator.Ledger.WaitForAsync(request => request.Route == ApiRoute.Status).WaitAsync(Patience);

        AssertClosed(await running.StopAsync().WaitAsync(Patience));
    }

    [Fact]
    public async Task There_is_no_bar_where_nothing_is_sent()
    {
        Assert.Empty((await RunAsync("Invoke-QwenImageEdit ?.png 'Make it red' -WhatIf")).Progress);
        Assert.Empty((await RunAsync("Invoke-QwenImageEdit missing.png 'Make it red'")).Progress);
    }

    private static void AssertClosed(ScriptRun run)
    {
        Assert.NotEmpty(run.Progress);
        foreach (IGrouping<string, ProgressRecord> bar in run.Progress.GroupBy(record => record.Activity))
        {
            Assert.Equal(ProgressRecordType.Completed, bar.Last().RecordType);
            Assert.Single(bar, record => record.RecordType == ProgressRecordType.Completed);
        }
    }

    private static IReadOnlyList<ProgressRecord> Updates(ScriptRun run) =>
        [.. run.Progress.Where(record => record.RecordType == ProgressRecordType.Processing)];

    private static int Ended(Match counts) =>
        int.Parse(counts.Groups["done"].Value, CultureInfo.InvariantCulture) + int.Parse(counts.Groups["failed"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<done>\d+) done, (?<failed>\d+) failed, (?<flying>\d+) in flight(, \$(?<cost>[\d.,]+) spent)?$")]
    private static partial Regex Counts();
}
